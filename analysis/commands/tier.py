"""``scrapy tier FILE.jsonl|- --market M.toml``: the tier of companies, a JSON line each."""

import argparse
from typing import Any, ClassVar

from analysis.commandline import RivalmapCommand, end_at_once


class Command(RivalmapCommand):
    """Sorts companies offline. docs/contract.md."""

    arguments: ClassVar[tuple[str, ...]] = ("FILE.jsonl|-",)

    def short_desc(self) -> str:
        """A line of the commands' list."""
        return "Sort companies from JSON lines into tiers, with evidence (offline)"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """``--market``."""
        super().add_options(parser)
        parser.add_argument(
            "--market", required=True, metavar="M.toml",
            help="the market file, or a market's name: whose competitors are they?",
        )  # fmt: skip

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Judge every line against the market's business."""
        from pathlib import Path

        from analysis.json_lines import judge_through
        from analysis.passes.tier_profiles import business_profile
        from analysis.passes.tiers import tier_config
        from analysis.standing_decisions import override_of
        from crawlers.market import find_market, load_market
        from pipelines.tiers import judge, profile_from_json, verdict_as_json

        end_at_once()
        path = Path(opts.market)
        known = path.suffix == ".toml" or path.exists()
        market = load_market(path if known else find_market(opts.market))
        focal = business_profile(None, market.business, "")
        config = tier_config(market)

        def verdicts(profiles: list[Any]) -> list[dict[str, Any]]:
            found = judge(focal, profiles, config)
            return [
                override_of(market, profile.name, profile.site, verdict_as_json(verdict))
                for profile, verdict in zip(profiles, found, strict=True)
            ]

        return judge_through(args[0], profile_from_json, verdicts)
