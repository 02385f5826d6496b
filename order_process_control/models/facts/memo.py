"""What several checks of one run look up, looked up once.

The memo lives in the context of the one call of ``_run_checks`` that made it: nothing is written
while checks run, so that nothing in it grows old. It is a Python object that no client can send.
"""

CONTEXT_KEY = "order_facts_memo"


class _Memo(dict):
    pass


def with_memo(records):
    """Return ``records`` in an environment in which :func:`remember` remembers."""
    return records.with_context(**{CONTEXT_KEY: _Memo()})


def remember(env, key, look_up):
    """Return what ``look_up()`` returns, called once for each ``key`` of a run.

    Outside a run it is called each time.
    """
    memo = env.context.get(CONTEXT_KEY)
    if not isinstance(memo, _Memo):
        return look_up()
    if key not in memo:
        memo[key] = look_up()
    return memo[key]
