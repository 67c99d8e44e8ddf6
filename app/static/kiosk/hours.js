// Office hours: whether the counter is open at a moment, and when it opens next.

/** Day and time of a moment at the office: {day: "2026-11-27", time: "07:05"}. */
export function localMoment(ms, timezone) {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone: timezone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit",
    hour: "2-digit", minute: "2-digit",
  }).formatToParts(new Date(ms));
  const { year, month, day, hour, minute } = Object.fromEntries(
    parts.map(({ type, value }) => [type, value]),
  );
  return { day: `${year}-${month}-${day}`, time: `${hour}:${minute}` };
}

/** Whether the counter is closed. A day of which nothing is known counts as open. */
export function isClosed(config, ms) {
  if (!config.hours) return false;
  const { day, time } = localMoment(ms, config.timezone);
  const spans = config.hours[day];
  return spans !== undefined && !spans.some(([from, to]) => from <= time && time < to);
}

/** When the counter opens next: {day, time}, or null if the calendar does not say. */
export function nextOpening(config, ms) {
  const { day: today, time } = localMoment(ms, config.timezone);
  for (const day of Object.keys(config.hours ?? {}).sort()) {
    if (day < today) continue;
    const start = config.hours[day].map(([from]) => from).sort().find((f) => day > today || f > time);
    if (start) return { day, time: start };
  }
  return null;
}

/** A day as people say it: "thứ Hai, 30/11". */
export function dayName(day, language) {
  const noon = new Date(`${day}T12:00:00Z`);
  const options = { weekday: "long", day: "numeric", month: "numeric", timeZone: "UTC" };
  try {
    return new Intl.DateTimeFormat(language, options).format(noon);
  } catch {
    return new Intl.DateTimeFormat("vi", options).format(noon);
  }
}
