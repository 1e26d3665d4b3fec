"""Windows of load: warm-up, interleaved rounds, again when others disturbed, and whether the answers were right."""
import json
import subprocess
import sys
import time

from . import machine, scenarios, tools
from .processes import POLL_SECONDS

QUIET_CORES = 0.15       # in use before a window: quiet
DISTURBED_CORES = 0.25   # used by others within a window: measured again
LEAVE_SECONDS = 10       # after the clients left, the upstream must be left too


def everything(chosen, mock, targets, folder, processes):
    """All windows, in the order measured. A window is a plain dict, ready for results.json."""
    raw = folder / 'raw'
    raw.mkdir()
    windows = []
    for target in targets:
        if target.warms_up and chosen.warmup:
            windows += warm_up(chosen, mock, target, raw, processes)
    # idle streams last: a JVM keeps the memory they take, and the other rounds would show it as theirs
    for held in (False, True):
        for number in range(chosen.rounds):
            turn = number % len(targets)
            for name in (name for name in chosen.scenarios if scenarios.ALL[name].held == held):
                for target in targets[turn:] + targets[:turn]:
                    if held and target.pid is None:
                        continue  # memory of a gateway; there is none
                    file = raw / f'{name}.{target.name}.{number}.json'
                    windows.append({'round': number, **undisturbed(chosen, mock, target, name, file, processes)})
    return windows


def warm_up(chosen, mock, target, raw, processes):
    """Mixed load without measuring; wrong answers count here too."""
    names = [name for name, it in scenarios.ALL.items() if it.warms or name in chosen.scenarios and not it.held]
    print(f'warming {target.name} up: {chosen.warmup:g} s of {", ".join(names)}', flush=True)
    each = chosen.warmup / len(names)
    for name in names:
        yield {'round': None, **window(mock, target, name, raw / f'warm-up.{name}.{target.name}.json', processes, each, lead=0)}


def undisturbed(chosen, mock, target, name, file, processes):
    """One window; measured again while others use the machine, at most --repeats times. The calmest counts."""
    best = None
    for attempt in range(chosen.repeats + 1):
        before = await_quiet(chosen, processes)
        it = window(mock, target, name, file, processes, chosen.duration)
        it['others_before'], it['attempt'] = round(before, 3), attempt
        it['disturbed'] = it['load']['machine']['other_work_cores'] > DISTURBED_CORES
        if it['wrong']:
            best = it
        elif best is None or it['load']['machine']['other_work_cores'] < best['load']['machine']['other_work_cores']:
            best = it
        report(it)
        if it['wrong'] or not it['disturbed']:
            break
    return best


def window(mock, target, name, file, processes, seconds, lead=None):
    """Runs the generator once. `wrong` lists what was wrong with the answers."""
    scenario = scenarios.ALL[name]
    lead = scenario.lead if lead is None else lead
    command = [tools.BUILT / 'load', *(['--pid', f'gateway={target.pid}'] if target.pid else []), '--pid', f'mock={mock.pid}',
               *scenario.load, '-d', f'{seconds:g}', '-w', f'{lead:g}', '--ramp', f'{min(scenario.spread, lead or seconds):g}', '--drain', '30',
               '--url', target.url, '--key', target.key, '--label', f'{name} {target.name}', '--json', file]
    for header in target.headers:
        command += ['--header', header]
    done = subprocess.run([str(part) for part in command], cwd=tools.PROJECT, stderr=subprocess.PIPE, text=True)
    if done.returncode not in (0, 1):
        raise tools.CannotRun(f'the load generator failed: {done.stderr.strip()}')
    load = json.loads(file.read_text())
    wrong = [f'{kind} × {count}' for kind, count in load['error_kinds'].items()]
    if load['unfinished']:
        wrong.append(f'unfinished × {load["unfinished"]}')
    if not load['ok'] and not load['completed_in_window']:
        wrong.append('no answer')
    still_open = await_left(mock)
    if still_open:
        wrong.append(f'{still_open} upstream calls open {LEAVE_SECONDS} s after the clients left')
    return {'scenario': name, 'target': target.name, 'command': processes.tidy(command), 'wrong': wrong, 'load': load}


def await_quiet(chosen, processes):
    """Waits until nobody uses the machine, at most --quiet-wait seconds; returns the cores others use."""
    waiting_ends = time.monotonic() + chosen.quiet_wait
    said = False
    while True:
        anybody, others = machine.load_now(processes.watched)
        if anybody < QUIET_CORES or time.monotonic() > waiting_ends:
            return others
        if others > QUIET_CORES and not said:
            said = True
            print(f'  the machine is busy: others use {others:.1f} of its cores; waiting up to {chosen.quiet_wait:g} s', file=sys.stderr, flush=True)


def await_left(mock):
    waiting_ends = time.monotonic() + LEAVE_SECONDS
    while (still_open := mock.open_calls()) and time.monotonic() < waiting_ends:
        time.sleep(POLL_SECONDS)
    return still_open


def report(it):
    load = it['load']
    gateway = load['procs'].get('gateway')
    if scenarios.ALL[it['scenario']].held:
        measured = f'{load["ok"]:>9,} streams held open'
    else:
        measured = f'{load["rps"]:>9,.0f}/s  p50 {load["latency_ms"].get("p50", 0):9.3f} ms'
        measured += f'  {load["tokens_per_s"]:>11,.0f} chunks/s' if load['mode'] == 'stream' else ''
    print(f'{it["scenario"]:13} {it["target"]:10} {measured}'
          + (f'  {gateway["cpu_cores"]:.2f} cores, {gateway["hwm_mb"]:.0f} MB' if gateway else '')
          + (f'  DISTURBED: others used {load["machine"]["other_work_cores"]:.2f} cores' if it['disturbed'] else '')
          + (f'  WRONG: {", ".join(it["wrong"])}' if it['wrong'] else ''), flush=True)
