"""What all benchmarks share: a warm-up, several runs in turn, medians, queries, ratios within one run."""

import statistics
import time
from typing import Any, NamedTuple


class Case(NamedTuple):
    """One thing to measure; ``bare`` and ``peer`` name the cases of the same run that it is a multiple of."""

    name: str
    env: Any
    work: Any
    bare: str = ""
    peer: str = ""


def timed(env, work):
    """(milliseconds, queries) of one run, with what Odoo does before a commit; what it wrote is rolled back, what Odoo
    cached is forgotten first."""
    env.invalidate_all()
    before = env.cr.sql_log_count
    start = time.perf_counter()
    with env.cr.savepoint(flush=False) as savepoint:
        work()
        env.flush_all()
        env.cr.precommit.run()
        elapsed = (time.perf_counter() - start) * 1000
        queries = env.cr.sql_log_count - before
        savepoint.rollback()
    env.cr.postcommit.clear()
    env.invalidate_all()
    return elapsed, queries


def measured(cases, runs):
    """``{name: [(milliseconds, queries)]}``; the cases run in turn, so that a machine that slows down slows all."""
    results = {case.name: [] for case in cases}
    for number in range(runs + 1):
        for case in cases:
            outcome = timed(case.env, case.work)
            if number:
                results[case.name].append(outcome)
    return results


def median(outcomes):
    return statistics.median(elapsed for elapsed, _queries in outcomes)


def compare(title, env, cases, runs=7):
    """Print one table: each case's median, minimum–maximum, queries, and its ratio to the first case.

    :param cases: ``{name: callable}``
    """
    first = next(iter(cases))
    return table(title, [Case(name, env, work, first) for name, work in cases.items()], runs)


def table(title, cases, runs=7):
    """The same with two ratios, to what each case names; returns ``{name: median in milliseconds}``."""
    results = measured(cases, runs)
    print(f"\n{title} ({runs} runs after a warm-up, milliseconds)")
    print(f"{'case':52} {'median':>9} {'min–max':>19} {'queries':>8} {'to bare':>9} {'to peer':>9}")
    middle = {name: median(outcomes) for name, outcomes in results.items()}
    for case in cases:
        times = [elapsed for elapsed, _queries in results[case.name]]
        spread = f"{min(times):.1f}–{max(times):.1f}"
        ratios = (
            f"{middle[case.name] / middle[base]:{form}}×" if base in middle else ""
            for base, form in ((case.bare, ".1f"), (case.peer, ".4f"))
        )
        queries = results[case.name][-1][1]
        print(
            f"{case.name:52} {middle[case.name]:9.1f} {spread:>19} {queries:8} {next(ratios):>9} {next(ratios):>9}",
            flush=True,
        )
    return middle
