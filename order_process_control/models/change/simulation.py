"""What a change would make of an order, found out by doing it and taking it back."""

from contextlib import closing, contextmanager
from dataclasses import dataclass, field


@dataclass
class Outcome:
    """What an order would be with a change applied."""

    content: dict
    snapshot: dict
    step_ids: tuple
    # {criterion id: Fact}
    outcomes: dict = field(default_factory=dict)


@contextmanager
def undone(env):
    """Take back in the database, and in everything that waits for the commit, what happens inside.

    Mails, bells and the like are sent by functions that wait for the commit; a savepoint alone
    would leave them waiting for rows that are gone. What waited before is run or kept.
    """
    queues = (env.cr.postcommit, env.cr.prerollback, env.cr.postrollback)
    with closing(env.cr.savepoint()):
        kept = [(list(queue._funcs), dict(queue.data)) for queue in queues]
        try:
            yield
        finally:
            for queue, (functions, data) in zip(queues, kept, strict=True):
                queue.clear()
                for function in functions:
                    queue.add(function)
                queue.data.update(data)


def rename_lines(content, snapshot, names):
    """Return content and snapshot of ``_get_review_snapshots`` with other line ids.

    A line that does not exist yet has no id that could be signed, so it goes by the name of the
    change that adds it until it exists.

    :param dict names: ``{id: other id}``, both as text; what is not named keeps its id
    """
    if not names:
        return content, snapshot
    renamed = {
        aspect: {
            **facts,
            "lines": {names.get(line, line): values for line, values in facts["lines"].items()},
        }
        for aspect, facts in content.items()
    }
    lines = [{**line, "id": names.get(str(line["id"]), line["id"])} for line in snapshot["lines"]]
    return renamed, {**snapshot, "lines": lines}
