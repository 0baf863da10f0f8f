"""The chat page at `/`: Gradio, the pieces of HTML it shows, what a browser keeps. Decides nothing of a dialogue."""
