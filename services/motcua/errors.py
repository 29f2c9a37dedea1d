"""What an operator can be told in one sentence instead of a traceback."""


class OperatorError(Exception):
    """Something outside the program is not as it must be; the message says what to do."""
