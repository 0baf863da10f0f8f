"""Learning to read attribute values out of titles from a catalogue's own records, values never met before included."""
