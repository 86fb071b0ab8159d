"""Moving a whole practice into an empty database of the other engine.

`target` opens and prepares the database that it moves into, `columns` says how a column of one engine is
written for the other, `sqlite` and `postgres` lock, read, fill and finish their engine, `equality` compares
both ends. What is read is held locked by the transaction of `clinic.actions.moving`.
"""


class MoveError(Exception):
    """What prevents a move, or broke it off; the message is for the user of the command."""
