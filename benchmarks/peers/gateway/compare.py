"""Gateways side by side: ``make peers-gateway``.

Every scenario runs against every gateway, one after the other, with the official SDKs as clients and a scripted
provider that records every byte. Writes the table of docs/gateway-comparison.md.

    python benchmarks/peers/gateway/compare.py [--only memveil] [--row N]
"""

from __future__ import annotations

import argparse
import re
import tempfile
from pathlib import Path

import anthropic
import openai
from gateways import litellm, memveil, plugin
from scenarios import SCENARIOS, Bench, Failed
from upstream import Provider

PAGE = Path(__file__).resolve().parents[3] / "docs" / "gateway-comparison.md"
GATEWAYS = {"memveil": memveil, "LiteLLM": litellm, "plug-in": plugin}


def outcome(bench: Bench, run: object) -> str:
    bench.provider.begin()
    try:
        run(bench)
        bench.nothing_private_left()
    except Failed as error:
        return f"no: {error}"
    except (openai.APIError, anthropic.APIError) as error:
        status = getattr(error, "status_code", None)
        return f"no: the client got an error ({status or type(error).__name__})"
    # What a client cannot read, such as arguments that are no JSON, is as good as no answer.
    except Exception as error:  # noqa: BLE001
        return f"no: {type(error).__name__}"
    return "yes"


def table(results: dict[str, list[str]], rows: list[tuple[int, str, object]]) -> str:
    names = list(results)
    lines = [f"| row | what has to be so | {' | '.join(names)} |", "|---|---|" + "---|" * len(names)]
    for number, (row, what, _) in enumerate(rows):
        lines.append(f"| {row} | {what} | {' | '.join(results[name][number] for name in names)} |")
    counts = " | ".join(f"{sum(item == 'yes' for item in results[name])} of {len(rows)}" for name in names)
    return "\n".join([*lines, f"| | **passed** | {counts} |", ""])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=list(GATEWAYS), help="one gateway alone; the page is not written")
    parser.add_argument("--row", type=int, help="one row alone; the page is not written")
    given = parser.parse_args()
    rows = [row for row in SCENARIOS if given.row in (None, row[0])]
    results: dict[str, list[str]] = {}
    provider = Provider()
    with provider.running() as url, tempfile.TemporaryDirectory() as home:
        for name, start in GATEWAYS.items():
            if given.only not in (None, name):
                continue
            with start(url, Path(home) / name) as gateway:
                bench = Bench(gateway, provider)
                results[gateway.name] = []
                for row, what, run in rows:
                    results[gateway.name].append(outcome(bench, run))
                    print(f"{gateway.name}  {row:2}  {what}: {results[gateway.name][-1]}", flush=True)
    made = table(results, rows)
    print(made)
    if given.only is None and given.row is None:
        page = PAGE.read_text(encoding="utf-8")
        marked = re.compile(r"(?<=<!-- table -->\n).*?(?=<!-- /table -->)", re.DOTALL)
        PAGE.write_text(marked.sub(lambda _match: made, page), encoding="utf-8")


if __name__ == "__main__":
    main()
