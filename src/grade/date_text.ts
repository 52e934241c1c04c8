/** Dates as programs print them: which moments may a line of text mean? Pure. */

/** One way to read a date and time. */
export interface DateReading {
  /** The moment in milliseconds since 1970, a whole second: what comes behind the seconds is left out. */
  time: number;
  /** Whether the text itself says in which zone it is meant. One without is read in the reader's. */
  zoned: boolean;
}

interface Fields {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
}

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun"]
  .concat(["jul", "aug", "sep", "oct", "nov", "dec"]);
const MONTH = `(${MONTHS.join("|")})[a-z]*\\.?`;

/** Hours that a zone's name stands for, RFC 5322, section 4.3. What other letters mean depends on who reads them. */
const NAMED: Readonly<Record<string, number>> = {
  Z: 0,
  UT: 0,
  UTC: 0,
  GMT: 0,
  EST: -5,
  EDT: -4,
  CST: -6,
  CDT: -5,
  MST: -7,
  MDT: -6,
  PST: -8,
  PDT: -7,
};

/**
 * Returns the ways to read the date and time in a line of text; none where it has no such, or no seconds. Other words
 * may stand around them. What it knows:
 *
 * - RFC 3339 and ISO 8601, with or without an offset, also as `20261121T043100Z`
 * - C's ctime, and what `date` prints; RFC 5322's and HTTP's dates, of RFC 850 too
 * - figures alone, day or month first: then there may be two readings
 * - seconds or milliseconds since 1970
 *
 * ```ts
 * readDates("Sat Nov 21 04:31:00 2026", "Asia/Kolkata"); // [{ time: Date.UTC(2026, 10, 20, 23, 1), zoned: false }]
 * ```
 *
 * @param text The line.
 * @param timeZone The zone of whoever printed it, for dates that name none. Default `UTC`.
 */
export function readDates(text: string, timeZone = "UTC"): DateReading[] {
  // Between the time and AM, some print a narrow space that does not break.
  const line = text.replaceAll(/[\u00a0\u202f]/g, " ")
    .replace(/(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)/, "$1-$2-$3T$4:$5:$6");
  const time = /(?<![\d:])(\d{1,2}):(\d\d):(\d\d)(?:[.,]\d+)?(?![\d:])(?:\s*([ap])\.?m\b\.?)?/i
    .exec(line);
  if (time === null) return sinceEpoch(line);
  const before = line.slice(0, time.index);
  const behind = line.slice(time.index + time[0].length);
  const [hour, minute, second] = [Number(time[1]), Number(time[2]), Number(time[3])];
  const half = time[4]?.toLowerCase();
  if (half !== undefined && (hour < 1 || hour > 12)) return [];
  const clock = {
    hour: half === undefined ? hour : hour % 12 + (half === "p" ? 12 : 0),
    minute,
    second,
  };
  const { rest, offsets } = zoneIn(behind);
  const readings = datesIn(`${before} ${rest}`).flatMap((date) =>
    offsets.map((offset) => readingOf({ ...date, ...clock }, offset, timeZone))
  );
  return readings.filter((reading) => reading !== null);
}

/** Whole seconds or milliseconds since 1970, of this century. */
function sinceEpoch(line: string): DateReading[] {
  const [, digits] = /(?<![\w.:-])(\d{10}|\d{13})(?:\.\d+)?(?![\w:-])/.exec(line) ?? [];
  if (digits === undefined) return [];
  return [{ time: Number(digits.slice(0, 10)) * 1000, zoned: true }];
}

/** An offset from UTC in minutes, `local` for a name that only its reader knows, `none` where no zone is named. */
type Offset = number | "local" | "none";

/** The zone that follows a time, and what is left without it. A name may stand for several. */
function zoneIn(behind: string): { rest: string; offsets: Offset[] } {
  const numeric = /^\s*(?:GMT|UTC)?\s?([+-])(\d{1,2})(?::?(\d\d))?(?![\d/.-])/.exec(behind) ??
    /\s(?:GMT|UTC)?([+-])(\d\d):?(\d\d)\s*$/.exec(behind);
  if (numeric !== null) {
    const [all, sign, hours, minutes = "0"] = numeric;
    const offset = Number(hours) * 60 + Number(minutes);
    return { rest: behind.replace(all, " "), offsets: [sign === "-" ? -offset : offset] };
  }
  // In capitals, so that no month or "on" is taken for one.
  const [name] = /(?<=^\s*)[A-Z]{1,5}\b/.exec(behind) ?? /(?<=\s\(?)(?:UTC|GMT)\b/.exec(behind) ??
    [];
  if (name === undefined) return { rest: behind, offsets: ["none"] };
  const rest = behind.replace(name, " ");
  const hours = NAMED[name];
  if (hours === undefined) return { rest, offsets: ["local"] };
  return { rest, offsets: hours === 0 ? [0] : [hours * 60, "local"] };
}

/** The dates that a text without its time may mean. */
function datesIn(text: string): Pick<Fields, "year" | "month" | "day">[] {
  const month = (name: string) => MONTHS.indexOf(name.toLowerCase()) + 1;
  const find = (pattern: string) => new RegExp(pattern, "i").exec(text)?.slice(1) ?? [];

  const [y, m, d] = find("(?<!\\d)(\\d{4})[-/.](\\d{1,2})[-/.](\\d{1,2})(?!\\d)");
  if (d !== undefined) return [{ year: Number(y), month: Number(m), day: Number(d) }];

  const named = find(
    `(?<!\\d)(\\d{1,2})(?:st|nd|rd|th)?\\.?[- ]${MONTH},?[- ](\\d{4}|\\d\\d)(?!\\d)`,
  );
  if (named[2] !== undefined) {
    return [{ year: yearOf(named[2]), month: month(named[1]!), day: Number(named[0]) }];
  }
  const monthFirst = find(
    `\\b${MONTH}\\s+(\\d{1,2})(?:st|nd|rd|th)?(?!\\d)(?:.*\\D)?(\\d{4})(?!\\d)`,
  );
  if (monthFirst[2] !== undefined) {
    const [name, day, year] = monthFirst;
    return [{ year: Number(year), month: month(name!), day: Number(day) }];
  }
  const [a, , b, year] = find("(?<!\\d)(\\d{1,2})([-/.])(\\d{1,2})\\2(\\d{4}|\\d\\d)(?!\\d)");
  if (year === undefined) return [];
  const [first, second] = [Number(a), Number(b)];
  const both = [{ day: first, month: second }, { day: second, month: first }];
  return both.slice(0, first === second ? 1 : 2).map((one) => ({ year: yearOf(year), ...one }));
}

function yearOf(digits: string): number {
  return Number(digits) + (digits.length === 2 ? 2000 : 0);
}

function readingOf(fields: Fields, offset: Offset, timeZone: string): DateReading | null {
  try {
    const local = Temporal.PlainDateTime.from(fields, { overflow: "reject" });
    const { epochMilliseconds } = local.toZonedDateTime(
      typeof offset === "number" ? "UTC" : timeZone,
    );
    const minutes = typeof offset === "number" ? offset : 0;
    return { time: epochMilliseconds - minutes * 60_000, zoned: offset !== "none" };
  } catch {
    return null; // No such day, or no such time.
  }
}
