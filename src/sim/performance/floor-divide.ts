/**
 * Python's float floor division `a // b` for b > 0 (CPython, Objects/floatobject.c): the quotient of an exact
 * remainder, rounded to the nearest integer below. It can differ by one from Math.floor(a / b), whose quotient is
 * rounded first.
 */
export function floorDivide(a: number, b: number): number {
  let remainder = a % b;
  let quotient = (a - remainder) / b;
  if (remainder !== 0 && remainder < 0) {
    remainder += b;
    quotient -= 1;
  }
  if (quotient === 0) return 0;
  const floor = Math.floor(quotient);
  return quotient - floor > 0.5 ? floor + 1 : floor;
}
