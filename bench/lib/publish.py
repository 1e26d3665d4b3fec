"""--publish: results.json and chart.svg into bench/published/, the tables into bench/README.md."""
import shutil

from . import table, tools

START, END = '<!-- published: start -->', '<!-- published: end -->'


def publish(folder, run):
    place = tools.BENCH / 'published'
    place.mkdir(exist_ok=True)
    for name in ('results.json', 'chart.svg'):
        shutil.copy(folder / name, place / name)
    readme = tools.BENCH / 'README.md'
    before, marker, rest = readme.read_text().partition(START)
    _, end_marker, after = rest.partition(END)
    if not marker or not end_marker:
        raise tools.CannotRun(f'{tools.relative(readme)} has lost its marker {START} or {END}')
    command = f'Command: `{run["machine"]["argv"].strip()}`. All windows: [published/results.json](published/results.json).'
    chart = '![CPU time beside nginx](published/chart.svg)'
    readme.write_text(f'{before}{START}\n{table.whole(run)}\n\n{chart}\n\n{command}\n{END}{after}')
    print(f'published: {tools.relative(place)} and the table in {tools.relative(readme)}')
