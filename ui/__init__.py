"""The ways a person reaches Pincite: the command line and the chat page."""
