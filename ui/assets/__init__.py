"""Style sheets and scripts of the chat page."""
