// JSONata asks for names that are symbols, and its types for strings.

/** The name of what JSONata calls before it evaluates a node. */
export const BEFORE_NODE = Symbol.for('jsonata.__evaluate_entry') as unknown as string;

/** The name of what JSONata calls when a node gave a result. */
export const AFTER_NODE = Symbol.for('jsonata.__evaluate_exit') as unknown as string;
