/** The formats of Python's `strftime` that are used in directory names; unknown ones stay as they are. */

const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

export function strftime(date: Date, format: string): string {
  return format.replace(/%(.)/g, (whole, code: string) => field(date, code) ?? whole);
}

function field(date: Date, code: string): string | undefined {
  const hour = date.getHours();
  switch (code) {
    case "Y":
      return padded(date.getFullYear(), 4);
    case "y":
      return padded(date.getFullYear() % 100, 2);
    case "m":
      return padded(date.getMonth() + 1, 2);
    case "d":
      return padded(date.getDate(), 2);
    case "H":
      return padded(hour, 2);
    case "I":
      return padded(hour % 12 === 0 ? 12 : hour % 12, 2);
    case "M":
      return padded(date.getMinutes(), 2);
    case "S":
      return padded(date.getSeconds(), 2);
    case "f":
      return padded(date.getMilliseconds() * 1000, 6);
    case "p":
      return hour < 12 ? "AM" : "PM";
    case "j":
      return padded(dayOfYear(date), 3);
    case "A":
      return DAYS[date.getDay()];
    case "a":
      return DAYS[date.getDay()]!.slice(0, 3);
    case "B":
      return MONTHS[date.getMonth()];
    case "b":
      return MONTHS[date.getMonth()]!.slice(0, 3);
    case "F":
      return strftime(date, "%Y-%m-%d");
    case "T":
      return strftime(date, "%H:%M:%S");
    case "s":
      return String(Math.floor(date.getTime() / 1000));
    case "%":
      return "%";
    default:
      return undefined;
  }
}

function padded(value: number, width: number): string {
  return String(value).padStart(width, "0");
}

function dayOfYear(date: Date): number {
  const start = Date.UTC(date.getFullYear(), 0, 1);
  return (Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) - start) / 86_400_000 + 1;
}
