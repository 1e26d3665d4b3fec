"""The results as Markdown tables, readable in a terminal too."""
from . import scenarios


def whole(run):
    """Everything: head line, goals, JSON scenarios, streams, memory."""
    machine = run['machine']
    parts = [f'{run["date"]}: {run["rounds"]} interleaved round{"s" if run["rounds"] != 1 else ""} of {run["duration_s"]:g} s windows, '
             f'{machine["cores"]} cores ({machine["cpu"]}), {machine["memory_gib"]} GiB, {machine["kernel"]}; load average {machine["load_average"][0]}; '
             + ', '.join(x for x in (machine['jdk'], machine['nginx'], f'commit {machine["git_commit"] or "unknown"}') if x) + '.']
    if run['disturbed']:
        parts.append(f'**Disturbed** by other programs, also when repeated: {"; ".join(run["disturbed"])}.')
    parts += [goals(run), json_table(run), stream_table(run), held_table(run)]
    return '\n\n'.join(part for part in parts if part)


def goals(run):
    """The targets of the project for every gateway but nginx, which is the yardstick."""
    return table(['target of the project', 'goal', 'gateway', 'measured', ''], [
        [goal['what'], f'≤ {goal["limit"]:g} {goal["unit"]}', target, f'{number(measured)} {goal["unit"]}' if measured is not None else '–', goal['verdict'][target]]
        for goal in run['goals'] for target, measured in goal['measured'].items() if target not in ('direct', 'nginx')])


def json_table(run):
    return table(['JSON', 'through', 'requests/s', 'p50 / p99 ms', 'added p50 / p99 ms', 'CPU µs/request', '÷ nginx', '÷ mock', 'peak MB'],
                 rows(run, lambda scenario: not scenario.stream, lambda f: [
                     number(f['requests_per_s'], 0), pair(f, 'p50_ms', 'p99_ms'), pair(f, 'added_p50_ms', 'added_p99_ms'),
                     number(f['cpu_us_per_request'], 1), headline(f), number(f['cpu_to_mock']), number(f['rss_mb'], 0)]))


def stream_table(run):
    return table(['streams', 'through', 'chunks/s', 'first token added p50 / p99 ms', 'chunk added p50 / p99 ms', 'whole stream added p50 / p99 ms',
                  'CPU µs/stream', 'CPU µs/chunk', '÷ nginx', '÷ mock', 'peak MB'],
                 rows(run, lambda scenario: scenario.stream and not scenario.held, lambda f: [
                     number(f['chunks_per_s'], 0), pair(f, 'first_token_added_p50_ms', 'first_token_added_p99_ms'),
                     pair(f, 'chunk_added_p50_ms', 'chunk_added_p99_ms'), pair(f, 'added_p50_ms', 'added_p99_ms'), number(f['cpu_us_per_request'], 0),
                     number(f['cpu_us_per_chunk'], 1), headline(f), number(f['cpu_to_mock']), number(f['rss_mb'], 0)]))


def held_table(run):
    return table(['idle', 'through', 'open streams', 'peak MB'],
                 rows(run, lambda scenario: scenario.held, lambda f: [number(f['held_streams'], 0), number(f['rss_mb'], 0)]))


def rows(run, wanted, cells):
    """One row a scenario and target; a target that answered wrongly has no figures."""
    return [[name, target, *(['WRONG'] if figures['wrong'] else cells(figures))]
            for name, targets in run['figures'].items() if wanted(scenarios.ALL[name])
            for target, figures in targets.items()]


def headline(figures):
    low_high = figures.get('cpu_to_nginx_range')
    spread = f' ({number(low_high[0])}–{number(low_high[1])})' if low_high and low_high[0] != low_high[1] else ''
    return number(figures['cpu_to_nginx']) + spread


def pair(figures, one, other):
    return f'{number(figures[one], 3)} / {number(figures[other])}'


def number(value, digits=2):
    if value is None:
        return '–'
    return f'{value:,.0f}' if abs(value) >= 1000 else f'{value:.{digits}f}'


def table(head, rows):
    if not rows:
        return ''
    rows = [row + ['–'] * (len(head) - len(row)) for row in rows]
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    lines = [' | '.join(cell.ljust(width) for cell, width in zip(row, widths)) for row in [head, *rows]]
    lines.insert(1, ' | '.join('-' * width for width in widths))
    return '\n'.join(f'| {line} |' for line in lines)
