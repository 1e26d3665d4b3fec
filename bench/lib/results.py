"""From windows to one results.json: figures per scenario and target (medians over rounds), goals, wrong answers."""
import json
import time
from statistics import median

from . import chart, scenarios, tools


def new_folder(chosen):
    folder = tools.BENCH / 'results' / time.strftime('%Y%m%d-%H%M%S')
    folder.mkdir(parents=True)
    return folder


def write(folder, chosen, machine, commands, windows):
    """Writes results.json and chart.svg; returns what results.json holds."""
    targets = [*chosen.targets, *(it['name'] for it in chosen.add)]
    measured = {(window['scenario'], window['target']) for window in windows}
    figures = {name: {target: figures_of(name, target, windows) for target in targets if (name, target) in measured} for name in chosen.scenarios}
    run = {
        'date': time.strftime('%Y-%m-%d %H:%M %Z'), 'rounds': chosen.rounds, 'duration_s': chosen.duration, 'warmup_s': chosen.warmup,
        'machine': machine, 'commands': commands, 'figures': figures, 'goals': goals(figures),
        'wrong': [f'{where(it)}: {", ".join(it["wrong"])}' for it in windows if it['wrong']],
        'disturbed': [where(it) for it in windows if it.get('disturbed')],
        'windows': windows,
    }
    (folder / 'results.json').write_text(one_window_a_line(run))
    (folder / 'chart.svg').write_text(chart.draw(run))
    return run


def where(window):
    number = 'warm-up' if window['round'] is None else f'round {window["round"] + 1}'
    return f'{window["scenario"]} {window["target"]}, {number}'


def figures_of(name, target, windows):
    """Medians over the rounds; what compares two targets is taken within a round first. None where there is no such figure."""
    rounds = {}
    wrong = False
    for window in windows:
        if window['scenario'] != name:
            continue
        wrong |= window['target'] == target and bool(window['wrong'])
        if window['round'] is not None and not window['wrong']:
            rounds.setdefault(window['round'], {})[window['target']] = window['load']
    if wrong:
        return {'wrong': True}  # a wrong answer is an error, not a fast result
    per_round = [of_round(scenarios.ALL[name], them[target], them.get('direct'), them.get('nginx')) for them in rounds.values() if target in them]
    result = {'wrong': False}
    for figure in per_round[0]:
        values = [it[figure] for it in per_round if it[figure] is not None]
        result[figure] = round(median(values), 4) if values else None
        if figure == 'cpu_to_nginx' and values:
            result['cpu_to_nginx_range'] = [round(min(values), 4), round(max(values), 4)]
    return result


def of_round(scenario, load, direct, nginx):
    gateway = load['procs'].get('gateway', {})
    if scenario.held:
        return {'held_streams': load['ok'], 'rss_mb': gateway.get('hwm_mb')}
    unit = 'cpu_us_per_chunk' if scenario.stream else 'cpu_us_per_request'
    figures = {
        'requests_per_s': load['rps'], 'chunks_per_s': load['tokens_per_s'] if scenario.stream else None,
        'p50_ms': load['latency_ms'].get('p50'), 'p99_ms': load['latency_ms'].get('p99'),
        'added_p50_ms': added(load, direct, 'latency_ms', 'p50'), 'added_p99_ms': added(load, direct, 'latency_ms', 'p99'),
        'cpu_us_per_request': gateway.get('cpu_us_per_request'), 'cpu_us_per_chunk': gateway.get('cpu_us_per_chunk') if scenario.stream else None,
        'cpu_to_nginx': ratio(gateway.get(unit), nginx and nginx['procs']['gateway'].get(unit)),
        'cpu_to_mock': ratio(gateway.get('cpu_s'), load['procs']['mock'].get('cpu_s')),
        'cores': gateway.get('cpu_cores'), 'rss_mb': gateway.get('hwm_mb'), 'others_cores': load['machine']['other_work_cores'],
    }
    if scenario.stream:
        figures |= {
            'first_token_p50_ms': load['ttft_ms'].get('p50'),
            'first_token_added_p50_ms': added(load, direct, 'ttft_ms', 'p50'), 'first_token_added_p99_ms': added(load, direct, 'ttft_ms', 'p99'),
            'chunk_added_p50_ms': added(load, direct, 'token_transit_us', 'p50', 1e-3),
            'chunk_added_p99_ms': added(load, direct, 'token_transit_us', 'p99', 1e-3),
        }
    return figures


def added(load, direct, group, quantile, scale=1.0):
    mine, its = load[group].get(quantile), direct and direct[group].get(quantile)
    return None if mine is None or its is None else (mine - its) * scale


def ratio(mine, its):
    return mine / its if mine and its else None


def goals(figures):
    """The project's targets beside what was measured: `ok`, `missed`, `wrong` (answers) or `not measured`."""
    return [{'what': goal.what, 'scenario': goal.scenario, 'figure': goal.figure, 'limit': goal.limit, 'unit': goal.unit,
             'measured': {target: its.get(goal.figure) for target, its in figures.get(goal.scenario, {}).items()},
             'verdict': {target: verdict(goal, its) for target, its in figures.get(goal.scenario, {}).items()}}
            for goal in scenarios.GOALS]


def verdict(goal, its):
    if its['wrong']:
        return 'wrong'
    value = its.get(goal.figure)
    return 'not measured' if value is None else 'ok' if value <= goal.limit else 'missed'


def one_window_a_line(run):
    head = json.dumps({key: value for key, value in run.items() if key != 'windows'}, indent=1, ensure_ascii=False)
    lines = ',\n'.join('  ' + json.dumps(window, ensure_ascii=False) for window in run['windows'])
    return f'{head[:-2]},\n "windows": [\n{lines}\n ]\n}}\n'
