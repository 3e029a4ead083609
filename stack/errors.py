"""What goes wrong in a way that the person at the keyboard can mend."""


class StackError(Exception):
    """Shown as one line, without a traceback."""
