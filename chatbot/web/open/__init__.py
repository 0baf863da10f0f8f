"""Open interfaces: OpenAI's chat completions and the Model Context Protocol over the same desk and catalogue."""
