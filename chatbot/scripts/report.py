"""Results of scripted dialogues in words, JSON and JUnit XML. Pure: text in, text out."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable, Iterator, Sequence

from chatbot.scripts.expect import written_fact, written_ledger
from chatbot.scripts.types import Outcome, Result, Seen

_UNPRINTABLE = {code: None for code in range(32) if code not in (9, 10, 13)}


def transcript(result: Result) -> str:
    """The whole dialogue as it went, failures beneath their turns."""
    return "\n".join(line for outcome in result.outcomes for line in outcome_lines(outcome, str(result.script.file)))


def outcome_lines(outcome: Outcome, file: str) -> Iterator[str]:
    yield f"{outcome.step.number:>3}  shopper    {outcome.step}"
    if outcome.seen:
        yield from _seen_lines(outcome.seen)
    for failure in outcome.failures:
        yield f"     FAILED     {file}:{failure.line}  {failure.expected}"
        yield f"                {failure.why}"


def _seen_lines(seen: Seen) -> Iterator[str]:
    turn = seen.turn
    yield f"     assistant  [{', '.join(turn.acts)}] {turn.text}"
    yield f"     ledger     {written_ledger(seen)}"
    if turn.relaxed:
        yield f"     given up   {', '.join(map(str, turn.relaxed))}"
    for suggestion in turn.suggestions:
        product = suggestion.candidate.product
        price = f"{product.price.amount:g} {product.price.currency}" if product.price else "no price"
        yield f"     {suggestion.rank:>2}. {product.id}  {product.title[:90]}  {price}  | {suggestion.reason}"
    if turn.facts:
        yield f"     facts      {'; '.join(map(written_fact, turn.facts))}"


def failure_text(result: Result) -> str:
    """What a failed dialogue prints: its place, each failed expectation in a line, then the transcript."""
    script = result.script
    lines = [f"{script.file}:{script.line}  {script.name}"]
    for outcome in result.outcomes:
        for failure in outcome.failures:
            lines.append(f"{script.file}:{failure.line}: turn {outcome.step.number}: {failure.expected}: {failure.why}")
    return "\n".join([*lines, "", transcript(result)])


def as_json(results: Sequence[Result]) -> dict[str, object]:
    """One JSON document: totals, then each dialogue with each turn."""
    turns = [outcome for result in results for outcome in result.outcomes if outcome.step.event is None]
    return {
        "dialogues": len(results),
        "dialogues_passed": sum(result.passed for result in results),
        "turns": len(turns),
        "turns_passed": sum(outcome.passed for outcome in turns),
        "seconds": round(sum(result.seconds for result in results), 3),
        "model": model_cost(results),
        "results": [_result_json(result) for result in results],
    }


def model_cost(results: Iterable[Result]) -> dict[str, int]:
    """What a model had to do with the turns: how many asked it, how many in vain (degraded), calls and tokens."""
    turns = [outcome.seen.turn for result in results for outcome in result.outcomes if outcome.seen]
    tokens = {name: sum(turn.tokens[name] for turn in turns) for name in ("prompt", "cached", "completion")}
    return {
        "asked": sum(turn.llm_calls > 0 for turn in turns),
        "degraded": sum(turn.degraded for turn in turns),
        "calls": sum(turn.llm_calls for turn in turns),
        **{f"{name}_tokens": count for name, count in tokens.items()},
    }


def _result_json(result: Result) -> dict[str, object]:
    script = result.script
    return {
        "dialogue": script.name,
        "file": str(script.file),
        "line": script.line,
        "shop": script.shop,
        "tags": list(script.tags),
        "passed": result.passed,
        "turns": [
            {
                "turn": outcome.step.number,
                "line": outcome.step.line,
                "user": str(outcome.step),
                "passed": outcome.passed,
                "degraded": bool(outcome.seen and outcome.seen.turn.degraded),
                "failures": [{"line": f.line, "expected": f.expected, "why": f.why} for f in outcome.failures],
            }
            for outcome in result.outcomes
        ],
    }


def as_junit(results: Iterable[Result]) -> str:
    """JUnit XML, a test case a dialogue."""
    results = list(results)
    failed = sum(not result.passed for result in results)
    suite = ElementTree.Element("testsuite", name="dialogues", tests=str(len(results)), failures=str(failed))
    for result in results:
        case = ElementTree.SubElement(
            suite, "testcase", classname=result.script.file.name, name=result.script.name, time=f"{result.seconds:.3f}"
        )
        if not result.passed:
            first = next(f for outcome in result.outcomes for f in outcome.failures)
            node = ElementTree.SubElement(case, "failure", message=_printable(f"{first.expected}: {first.why}"))
            node.text = _printable(failure_text(result))
    return ElementTree.tostring(suite, encoding="unicode", xml_declaration=True)


def _printable(text: str) -> str:
    """Without what XML cannot hold: control characters and lone surrogates."""
    return text.translate(_UNPRINTABLE).encode("utf-8", "replace").decode("utf-8")
