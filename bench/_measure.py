"""What all benchmarks share: a warm-up, several runs in turn, medians, queries, ratios within one run."""

import statistics
import time


def timed(env, work):
    """(milliseconds, queries) of one run; what it wrote is rolled back, what Odoo cached is forgotten first."""
    env.invalidate_all()
    before = env.cr.sql_log_count
    start = time.perf_counter()
    with env.cr.savepoint(flush=False) as savepoint:
        work()
        env.flush_all()
        elapsed = (time.perf_counter() - start) * 1000
        queries = env.cr.sql_log_count - before
        savepoint.rollback()
    env.invalidate_all()
    return elapsed, queries


def compare(title, env, cases, runs=7):
    """Print one table: each case's median, minimum–maximum, queries, and its ratio to the first case.

    :param cases: ``{name: callable}``; they are run in turn, so that a machine that slows down slows all of them.
    """
    results = {name: [] for name in cases}
    for number in range(runs + 1):
        for name, work in cases.items():
            outcome = timed(env, work)
            if number:
                results[name].append(outcome)
    print(f"\n{title} ({runs} runs after a warm-up, milliseconds)")
    print(f"{'case':44} {'median':>9} {'min–max':>19} {'queries':>8} {'ratio':>7}")
    base = statistics.median(elapsed for elapsed, _queries in results[next(iter(cases))])
    for name, outcomes in results.items():
        times = [elapsed for elapsed, _queries in outcomes]
        median = statistics.median(times)
        spread = f"{min(times):.1f}–{max(times):.1f}"
        print(f"{name:44} {median:9.1f} {spread:>19} {outcomes[-1][1]:8} {median / base:6.2f}×")
