import { FunctionError, type LibraryFunction } from 'koreo-kernel';

/** A function as a plug-in brings it: typed, counted, and with a complaint of its own. */
export const repeat: LibraryFunction = {
  name: 'repeat',
  parameters: [
    { name: 'text', type: 'string' },
    { name: 'times', type: 'int' },
  ],
  summary: 'The text so many times.',
  call: ([text, times], budget) => {
    if (Number(times) < 0) throw new FunctionError('repeat: `times` must not be negative');
    budget.checkString(String(text).length * Number(times));
    return String(text).repeat(Number(times));
  },
};
