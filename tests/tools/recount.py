#!/usr/bin/env python3
"""recount - the figures of the board counted anew from the raw rows of an SQLite database.

    recount DATABASE [CALENDAR.csv]

Prints what `yimen export --indicators` prints, byte for byte, if the program counts right. It shares nothing with
the program: it reads dossiers, clocks, spans, ratings and units, never the journal or a counter; working time is
counted here, from the holiday table and the hours 9:00-12:00 and 13:30-17:30; the formulas are those of
src/apps/stats/README.md and of systems.md, section 3, written down a second time.
"""
import csv
import datetime
import os
import sqlite3
import sys
from collections import Counter

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CALENDAR = os.path.join(ROOT, 'packs', 'calendar', 'cn-workdays.csv')
DAY_MS, ZONE_MS, MINUTE_MS = 86400000, 8 * 3600000, 60000
HOURS = ((9 * 60, 12 * 60), (13 * 60 + 30, 17 * 60 + 30))
WHOLE_MS = sum(end - begin for begin, end in HOURS) * MINUTE_MS
EPOCH = datetime.date(1970, 1, 1)
BUCKETS = (143, 500, 1000, 3000, 5000, 10000, 20000)  # an hour, half a day, 1, 3, 5, 10, 20 days
STAGES = ('intake', 'review', 'fee', 'decision', 'service')


# ---- working time --------------------------------------------------------------------------------

class Calendar:
    def __init__(self, path):
        with open(path, encoding='utf-8') as file:
            self.kinds = {row['date']: row['type'] for row in csv.DictReader(file)}

    def is_worked(self, day):
        date = EPOCH + datetime.timedelta(days=day)
        kind = self.kinds.get(date.isoformat())
        return kind == 'makeup' or (kind is None and date.weekday() < 5)


def day_of(at):
    return (at + ZONE_MS) // DAY_MS


def moment(day, minutes):
    return day * DAY_MS - ZONE_MS + minutes * MINUTE_MS


def share(day, begin, end):
    """Of one worked day, how much of [begin, end) is worked, in thousandths, rounded half up."""
    part = sum(max(0, min(end, moment(day, to)) - max(begin, moment(day, from_))) for from_, to in HOURS)
    return (part * 1000 + WHOLE_MS // 2) // WHOLE_MS


def millidays(calendar, begin, end):
    """Working days of [begin, end) in thousandths: the first and the last by their share, others whole."""
    if end <= begin:
        return 0
    first, last = day_of(begin), day_of(end)
    return sum(share(day, begin, end) if day in (first, last) else 1000
               for day in range(first, last + 1) if calendar.is_worked(day))


def next_working_moment(calendar, at):
    """A receipt outside working hours counts from the next working moment."""
    day = day_of(at)
    while True:
        if calendar.is_worked(day):
            for begin, end in HOURS:
                if at < moment(day, end):
                    return max(at, moment(day, begin))
        day += 1


def own_end(calendar, begin, first, days):
    """The closing of the last working day that a ground takes out of the count."""
    day, closing = max(day_of(begin), first), begin
    while days:
        end = moment(day, HOURS[-1][1])
        if calendar.is_worked(day) and end > begin:
            closing, days = end, days - 1
        day += 1
    return closing


def stops(calendar, spans, starts_at, now):
    """The lawful parts of what is not counted, joined where they meet."""
    lawful = []
    for begin, end, amount, unit in spans:
        begin, end = max(begin, starts_at), now if end is None else end
        if amount is not None:
            if unit != 'working_days':
                sys.exit(f'recount does not know limits of grounds in {unit}')
            end = min(end, own_end(calendar, begin, day_of(starts_at) + 1, amount))
        if end > begin:
            lawful.append((begin, end))
    joined = []
    for begin, end in sorted(lawful):
        if joined and begin <= joined[-1][1]:
            joined[-1][1] = max(joined[-1][1], end)
        else:
            joined.append([begin, end])
    return joined


def used(calendar, started_at, completed_at, spans):
    starts_at = next_working_moment(calendar, started_at)
    if completed_at <= starts_at:
        return 0
    sum_ = millidays(calendar, starts_at, completed_at)
    for begin, end in stops(calendar, spans, starts_at, completed_at):
        sum_ -= millidays(calendar, begin, min(end, completed_at))
    return max(0, sum_)


# ---- counting ------------------------------------------------------------------------------------

class Tally:
    """How often, and sums, by name; the same for each unit, item and month."""

    def __init__(self):
        self.all, self.units, self.items, self.months = Counter(), {}, {}, {}
        self.buckets = Counter()

    def add(self, dossier, name, at, amount=1):
        day = EPOCH + datetime.timedelta(days=day_of(at))
        item = f"{dossier['item_code']} {dossier['kind']}"
        self.all[name] += amount
        for group, key in ((self.units, dossier['unit_code']), (self.items, item), (self.months, day.isoformat()[:7])):
            group.setdefault(key, Counter())[name] += amount


def count_completed(tally, calendar, dossier, spans):
    at, is_promised = dossier['completed_at'], dossier['kind'] != 'on_the_spot'
    days = used(calendar, dossier['started_at'], at, spans)
    tally.add(dossier, 'completed', at)
    tally.add(dossier, 'used_millidays', at, days)
    if dossier['state'] == 'denied':
        tally.add(dossier, 'denied', at)
    if at <= dossier['due_at']:
        tally.add(dossier, 'on_time', at)
    if is_promised:
        tally.all['promised_completed'] += 1
        tally.all['promised_used'] += days
        tally.buckets[sum(days > end for end in BUCKETS)] += 1
        if day_of(at) < day_of(dossier['due_at']):
            tally.add(dossier, 'early', at)
    if dossier['limit_unit'] == 'working_days' and dossier['statutory_limit'] > 0:
        tally.all['statutory'] += dossier['statutory_limit']
        tally.all['statutory_used'] += days
        tally.all['promised'] += dossier['promised_limit']


def count_dossier(tally, calendar, dossier, spans):
    tally.add(dossier, 'filed', dossier['filed_at'])
    if dossier['accepted_at'] is not None:
        tally.add(dossier, 'accepted', dossier['silent_at'] or dossier['accepted_at'])
    if dossier['completed_at'] is None:
        tally.all['open ' + dossier['stage']] += 1
    elif dossier['withdrawn_at'] is not None:
        tally.add(dossier, 'withdrawn', dossier['completed_at'])
    elif dossier['accepted_at'] is None:
        tally.add(dossier, 'not_accepted', dossier['completed_at'])
    else:
        count_completed(tally, calendar, dossier, spans)


def count_rating(tally, grade, scale):
    tally.all['rated'] += 1
    tally.all['satisfied'] += grade * 2 < scale + 1
    tally.all['at_least_basic'] += grade * 2 <= scale + 1


def read(path, calendar):
    db = sqlite3.connect(f'file:{path}?mode=ro', uri=True)
    db.row_factory = sqlite3.Row
    spans, tally = {}, Tally()
    for dossier, *span in db.execute('SELECT dossier, from_at, to_at, own_amount, own_unit FROM clock_span'):
        spans.setdefault(dossier, []).append(span)
    for dossier in db.execute('SELECT d.*, u.code AS unit_code, c.started_at, c.due_at, w.raised_at AS silent_at'
                              ' FROM dossier d'
                              ' JOIN unit u ON u.tenant = d.tenant AND u.id = d.unit'
                              ' LEFT JOIN legal_clock c ON c.tenant = d.tenant AND c.dossier = d.id'
                              " LEFT JOIN warning w ON w.tenant = d.tenant AND w.dossier = d.id AND w.kind = 'silence'"):
        count_dossier(tally, calendar, dossier, spans.get(dossier['id'], []))
    for grade, scale in db.execute('SELECT grade, scale FROM rating'):
        count_rating(tally, grade, scale)
    db.close()
    return tally


# ---- figures -------------------------------------------------------------------------------------

def figures(all_):
    ended = all_['completed'] + all_['not_accepted'] + all_['withdrawn']
    yield 's01', all_['completed'], all_['accepted']
    yield 's02', all_['on_time'], all_['completed']
    yield 's03', all_['completed'], all_['completed']
    yield 's04', all_['completed'] - all_['promised_completed'], all_['completed']
    yield 's05', all_['early'], all_['promised_completed']
    yield 's06', all_['promised'], all_['statutory']
    yield 's07', all_['statutory_used'], all_['statutory'] * 1000
    yield 's08', all_['promised_used'], all_['promised_completed']
    yield 's09', all_['rated'], ended
    yield 's10', all_['satisfied'], all_['rated']
    yield 's10b', all_['at_least_basic'], all_['rated']


def median(buckets):
    total, seen = sum(buckets.values()), 0
    for bucket in sorted(buckets):
        seen += buckets[bucket]
        if seen * 2 >= total:
            return bucket
    return -1


def lines(tally):
    for name in ('filed', 'accepted', 'not_accepted', 'completed', 'denied', 'on_time', 'early', 'withdrawn'):
        yield 'count', name, f'dossiers={tally.all[name]}'
    for key, numerator, denominator in figures(tally.all):
        yield 'figure', key, f'numerator={numerator} denominator={denominator}'
    yield 'median', 's08', f'bucket={median(tally.buckets)}'
    for kind, group in (('unit', tally.units), ('item', tally.items)):
        for name, sums in group.items():
            yield kind, name, ' '.join(f'{member}={sums[member]}' for member in (
                'filed', 'accepted', 'not_accepted', 'completed', 'on_time', 'used_millidays'))
    for name, sums in tally.months.items():
        yield 'month', name, ' '.join(f'{member}={sums[member]}' for member in (
            'filed', 'accepted', 'completed', 'on_time'))
    opened = {name[5:] for name in tally.all if name.startswith('open ')}
    for stage in opened | set(STAGES):
        yield 'stage', stage, f"open={tally.all['open ' + stage]}"


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    tally = read(sys.argv[1], Calendar(sys.argv[2] if len(sys.argv) == 3 else CALENDAR))
    for kind, name, members in sorted(lines(tally), key=lambda line: (line[0].encode(), line[1].encode())):
        print(kind, name, members)


if __name__ == '__main__':
    main()
