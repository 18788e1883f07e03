/** A value that JSON has no form for. Its fields are private, so that no key of a mapping can ever reach them. */
export abstract class Special {
  /** The name of its CEL type. */
  abstract readonly typeName: string;
}
