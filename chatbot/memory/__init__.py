"""What is kept of conversations: people.db, never the catalogue's file. `from chatbot.memory.store import People`."""
