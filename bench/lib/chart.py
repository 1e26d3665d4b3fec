"""The chart: CPU time beside nginx's, one bar a scenario and gateway, the project's targets as lines. SVG by hand."""
from html import escape

from . import scenarios

WIDTH, LEFT, RIGHT, TOP, BOTTOM = 860, 330, 90, 86, 62
BAR, GAP, GROUP_GAP = 20, 4, 14
COLOURS = ['#b4561f', '#2f6f9f', '#5b8a3c', '#7a5195']
INK, FAINT, GOAL = '#222222', '#d9d6d0', '#b00020'
FONT = 'font-family="system-ui, sans-serif"'


def draw(run):
    groups = bars(run)
    gateways = list(dict.fromkeys(target for _, _, them in groups for target, _ in them))
    height = TOP + sum(GROUP_GAP + len(them) * (BAR + GAP) for _, _, them in groups) + BOTTOM
    axis = axis_end(groups)
    x = lambda value: LEFT + min(value, axis) / axis * (WIDTH - LEFT - RIGHT)
    machine = run['machine']
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" {FONT}>',
           f'<rect width="{WIDTH}" height="{height}" fill="#fdfcfa"/>',
           text(20, 30, 'CPU time of the gateway ÷ nginx’s in the same run (less is better)', 18, weight='600'),
           text(20, 50, f'per request for JSON, per chunk for streams; medians of {run["rounds"]} rounds', 13),
           *legend(gateways)]
    bottom = height - BOTTOM
    for tick in range(0, int(axis) + 1, 1 if axis <= 12 else 2 if axis <= 24 else 5):
        out += [f'<line x1="{x(tick):.1f}" y1="{TOP}" x2="{x(tick):.1f}" y2="{bottom}" stroke="{FAINT}"/>',
                text(x(tick), bottom + 16, f'{tick}×', 12, 'middle')]
    out.append(f'<line x1="{x(1):.1f}" y1="{TOP}" x2="{x(1):.1f}" y2="{bottom}" stroke="{INK}" stroke-dasharray="2 3"/>')
    out.append(text(x(1), TOP - 4, 'nginx', 11, 'middle'))
    y = TOP + GROUP_GAP / 2
    for name, limit, them in groups:
        tall = len(them) * (BAR + GAP) - GAP
        out += [text(LEFT - 12, y + tall / 2 + 1, name, 14, 'end', '600'), text(LEFT - 12, y + tall / 2 + 15, short(name), 10, 'end')]
        for place, (target, value) in enumerate(them):
            out += bar(x, y + place * (BAR + GAP), value, axis, COLOURS[gateways.index(target) % len(COLOURS)])
        if limit:
            out += [f'<line x1="{x(limit):.1f}" y1="{y - 4}" x2="{x(limit):.1f}" y2="{y + tall + 4}" stroke="{GOAL}" stroke-width="3"/>',
                    text(WIDTH - 12, y + tall / 2 + 4, f'target {limit:g}×', 12, 'end', colour=GOAL)]
        y += tall + GAP + GROUP_GAP
    out.append(text(20, height - 14, f'{run["date"]} · {machine["cores"]} cores, {machine["cpu"]} · '
                                     f'load average {machine["load_average"][0]} · commit {machine["git_commit"] or "unknown"}', 11))
    return '\n'.join([*out, '</svg>']) + '\n'


def bars(run):
    """[(scenario, target line or None, [(gateway, ratio or None when wrong)])]"""
    limits = {goal.scenario: goal.limit for goal in scenarios.GOALS if goal.figure == 'cpu_to_nginx'}
    groups = []
    for name, targets in run['figures'].items():
        them = [(target, its.get('cpu_to_nginx')) for target, its in targets.items()
                if target not in ('direct', 'nginx') and (its['wrong'] or its.get('cpu_to_nginx') is not None)]
        if them:
            groups.append((name, limits.get(name), them))
    return groups


def axis_end(groups):
    """Whole numbers; bars beyond 20× are cut, so that one outlier does not flatten the others."""
    values = [value for _, limit, them in groups for value in [limit or 0, *(v or 0 for _, v in them)]]
    return min(20, max(3, int(max(values, default=0)) + 1))


def bar(x, y, value, axis, colour):
    if value is None:
        return [text(x(0) + 6, y + BAR - 5, 'WRONG ANSWERS', 12, weight='600', colour=GOAL)]
    label = f'{value:.2f}×' + (' »' if value > axis else '')
    inside = value > axis * 0.85
    return [f'<rect x="{x(0):.1f}" y="{y}" width="{x(value) - x(0):.1f}" height="{BAR}" fill="{colour}"/>',
            text(x(value) + (-6 if inside else 6), y + BAR - 5, label, 13, 'end' if inside else 'start', '600', '#ffffff' if inside else INK)]


def legend(gateways):
    out, x = [], 20
    for place, name in enumerate(gateways):
        out += [f'<rect x="{x}" y="60" width="12" height="12" fill="{COLOURS[place % len(COLOURS)]}"/>', text(x + 17, 71, name, 13)]
        x += 40 + 8 * len(name)
    return out


def short(name):
    what = scenarios.ALL[name].what
    return what if len(what) <= 58 else what[:what.rfind(',')]


def text(x, y, words, size, anchor='start', weight='400', colour=INK):
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" font-weight="{weight}" fill="{colour}">{escape(words)}</text>'
