"""The web door: bytes and pixels, no decisions. `from chatbot.web.app import create_app`."""
