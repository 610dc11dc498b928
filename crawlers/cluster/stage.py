"""What a run puts up for its workers: the stage, its spiders, what they need to know. A leaf."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class StageJob:
    """A spider of a stage: its name, its arguments, the number of its run in the database.

    ``accepted``, ``candidates`` and ``unseen`` are the companies the database knows, as (id, name,
    site), that spiders of companies ask for.
    """

    spider: str
    run: int
    arguments: Mapping[str, str] = field(default_factory=dict)
    accepted: tuple[tuple[str, str, str], ...] = ()
    candidates: tuple[tuple[str, str, str], ...] = ()
    unseen: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """The stage that is being crawled.

    ``digest`` is that of the market file: a worker with another one would read other pages;
    ``version`` that of Rivalmap; ``budget``: how many targets may be asked for, ``None``: all;
    ``stopping``: nothing more is to be asked for.
    """

    id: str
    digest: str
    version: str
    jobs: tuple[StageJob, ...]
    budget: int | None = None
    stopping: bool = False

    def dumps(self) -> str:
        """As JSON."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def loads(cls, text: str | bytes) -> Self:
        """From JSON."""
        given = json.loads(text)
        given["jobs"] = tuple(
            StageJob(
                **{
                    **job,
                    **{
                        name: tuple(tuple(row) for row in job[name])
                        for name in ("accepted", "candidates", "unseen")
                    },
                }
            )
            for job in given["jobs"]
        )
        return cls(**given)

    def job(self, spider: str) -> StageJob:
        """The job of a spider.

        :raises KeyError: where the stage has none.
        """
        for job in self.jobs:
            if job.spider == spider:
                return job
        raise KeyError(spider)
