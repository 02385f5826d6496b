"""What raises in a scheduled action holds back nobody but itself."""

import psycopg2


def isolate(work, records, give_up):
    """Do ``work(records)``; when it raises, do it for the first and the second half of them.

    Collisions with others and the loss of the connection go on to the caller: nothing is wrong
    with these records then.

    :param work: a method of a recordset, all of whose work is undone when it raises
    :param records: one at least
    :param give_up: what is done with the one record that raises in the end
    """
    try:
        with records.env.cr.savepoint():
            work(records)
    except (psycopg2.OperationalError, psycopg2.InterfaceError):
        raise
    except Exception:
        records.env.invalidate_all(flush=False)
        if len(records) == 1:
            give_up(records)
            return
        half = len(records) // 2
        isolate(work, records[:half], give_up)
        isolate(work, records[half:], give_up)
