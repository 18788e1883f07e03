/** A failed evaluation, told in words that hold no data. cel-js lets `has` absorb it. */
export class Fault extends Error {
  override readonly name = 'Fault';
}
