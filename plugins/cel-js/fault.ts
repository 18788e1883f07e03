/**
 * A failed evaluation, told in words that hold no data. cel-js lets `has` absorb it. It is no Error, as these cost a stack
 * trace each, and a loop may throw a million.
 */
export class Fault {
  constructor(readonly message: string) {}
}
