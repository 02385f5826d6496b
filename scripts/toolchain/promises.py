"""What a scenario was promised to take at most, and whether it does.

    @scenario("ticket.exchange_10", asked={"calls": 5, "more": 120})

Times are compared with what the reference took in the same run: a machine with other work to do
gives rough ones.
"""

# kind: (how the limit is written, what is held against it in a row of results)
KINDS = {
    "queries": ("{:,} queries", lambda row: row["queries"]),
    "more": ("{:+,} queries", lambda row: row["queries"] - row["reference_queries"]),
    "query_times": (
        "{:g} times the queries",
        lambda row: ratio(row["queries"], row["reference_queries"]),
    ),
    "ms": ("{:,} ms", lambda row: row["ms"]),
    "times": ("{:.2f} times as long", lambda row: ratio(row["ms"], row["reference_ms"])),
    "calls": ("{:,} calls", lambda row: row["calls"]),
    "documents": ("{:,} documents", lambda row: row["documents"]),
}


def ratio(ours, theirs):
    return ours / theirs if theirs else 0


def check_kinds(name, asked):
    """Refuse a promise that nobody could hold a figure against."""
    unknown = sorted(set(asked) - set(KINDS))
    if unknown:
        raise ValueError(
            f"{name} asks for {', '.join(unknown)}; what can be asked: {', '.join(KINDS)}"
        )


def broken(asked, row):
    """The kinds of promise that this row of results does not keep."""
    return [kind for kind, limit in asked.items() if KINDS[kind][1](row) > limit]


def wording(asked):
    return ", ".join(KINDS[kind][0].format(limit) for kind, limit in asked.items())


def verdict(row):
    """Empty where nothing was asked."""
    if not row["asked"]:
        return ""
    return f"no: {', '.join(row['broken'])}" if row["broken"] else "yes"
