"""The command line of bench/run."""
import argparse
import sys

from . import scenarios

OWN_TARGETS = ('direct', 'nginx', 'mehari', 'mehari-bare', 'mehari-all')
FIXED_MOCK_PORT = 19100  # used with --add: a gateway that runs already must know where its upstream is


def parse(arguments=None):
    """The options as a namespace; `scenarios`, `targets` and `add` are lists."""
    p = argparse.ArgumentParser(prog='bench/run', description='Measures what Mehari adds, beside nginx; bench/README.md explains the figures.')
    p.add_argument('--rounds', type=int, default=5, help='interleaved rounds (5)')
    p.add_argument('--duration', type=float, default=6, help='seconds a window is measured (6)')
    p.add_argument('--warmup', type=float, default=25, help='seconds of mixed load before the first round, for each gateway (25)')
    p.add_argument('--scenarios', default=','.join(scenarios.ALL), help='comma-separated; all of them: %(default)s')
    p.add_argument('--targets', default='direct,nginx,mehari', help=f'comma-separated, of: {",".join(OWN_TARGETS)} (%(default)s)')
    p.add_argument('--add', action='append', default=[], metavar="'NAME,URL,PID[,HEADER: VALUE]'",
                   help=f'a gateway that already runs; its upstream must be http://127.0.0.1:{FIXED_MOCK_PORT}/v1; may be repeated')
    p.add_argument('--mock-port', type=int, help=f'port of the mock upstream (a free one; {FIXED_MOCK_PORT} with --add)')
    p.add_argument('--jvm', default='', metavar="'OPTS'", help='options for the gateway\'s JVM, e.g. --jvm \'-Xmx512m -XX:+UseZGC\'')
    p.add_argument('--profile', action='store_true', help='records the gateway with JFR; mehari.jfr is left in the results folder')
    p.add_argument('--no-build', action='store_true', help='takes target/mehari.jar as it is')
    p.add_argument('--smoke', action='store_true', help='about a minute: are the answers right? json-c32 and stream-s100, one short round')
    p.add_argument('--publish', action='store_true', help='copies results.json and chart.svg to bench/published/ and renews the table in bench/README.md')
    p.add_argument('--repeats', type=int, default=2, help='how often a window that other programs disturbed is measured again (2)')
    p.add_argument('--quiet-wait', type=float, default=20, help='seconds to wait for a quiet machine before a window (20)')
    chosen = p.parse_args(joined(sys.argv[1:] if arguments is None else arguments))
    if chosen.smoke:
        chosen.scenarios, chosen.rounds, chosen.duration, chosen.warmup = 'json-c32,stream-s100', 1, 3, 8
        chosen.repeats, chosen.quiet_wait = 0, 0  # a smoke test is about answers, not about time
    chosen.scenarios = known(p, '--scenarios', chosen.scenarios, scenarios.ALL)
    chosen.targets = known(p, '--targets', chosen.targets, OWN_TARGETS)
    chosen.add = [added(p, text) for text in chosen.add]
    if chosen.publish and (chosen.smoke or chosen.profile):
        p.error('a --smoke is too short to be published, and a --profile slows the gateway down')
    if chosen.mock_port is None and chosen.add:
        chosen.mock_port = FIXED_MOCK_PORT
    return chosen


def joined(arguments):
    """`--jvm -Xmx1g` as `--jvm=-Xmx1g`, which argparse does not take for an option."""
    result = []
    for argument in arguments:
        if result and result[-1] == '--jvm':
            result[-1] += f'={argument}'
        else:
            result.append(argument)
    return result


def known(parser, option, text, names):
    picked = [name for name in text.split(',') if name]
    for name in picked:
        if name not in names:
            parser.error(f'{option}: no "{name}"; there are {", ".join(names)}')
    return picked


def added(parser, text):
    parts = text.split(',', 3)
    if len(parts) < 3 or not parts[2].strip().isdigit():
        parser.error(f'--add "{text}": expected name,url,pid[,header], the URL that of chat completions')
    header = parts[3].strip() if len(parts) == 4 else None
    return {'name': parts[0], 'url': parts[1], 'pid': int(parts[2]), 'header': header}
