"""Customer service: people behind the chat, the shop's own systems, and what a shopper comes back to."""
