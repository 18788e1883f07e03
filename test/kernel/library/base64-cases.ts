import { type FunctionCases, fails, gives } from './function-case.js';

const error = (what: string): string => `Base64 Encoding error ${what}`;

export const base64Cases: FunctionCases = {
  b64encode: [
    gives(['abc'], 'YWJj'),
    gives([''], ''),
    gives(['a'], 'YQ=='),
    gives(['héllo'], 'aMOpbGxv'),
    gives(['😀'], '8J+YgA=='),
    fails([5], error("'IntType' object has no attribute 'encode'")),
    fails([null], error("'NoneType' object has no attribute 'encode'")),
    fails([{}], error("'MapType' object has no attribute 'encode'")),
    fails(['\ud800'], error('the text holds half of a surrogate pair')),
  ],
  b64decode: [
    gives(['YWJj'], 'abc'),
    gives([''], ''),
    gives(['YQ=='], 'a'),
    gives(['aMOpbGxv'], 'héllo'),
    gives(['YW\nJj\n'], 'abc'),
    gives(['Y!W-J_j'], 'abc'),
    gives(['YWJj===='], 'abc'),
    gives(['YQ==YWJj'], 'a'),
    fails(['abc'], error('Incorrect padding')),
    fails(['YWI'], error('Incorrect padding')),
    fails(
      ['Y'],
      error('Invalid base64-encoded string: number of data characters (1) cannot be 1 more than a multiple of 4'),
    ),
    fails(
      ['YWJjY'],
      error('Invalid base64-encoded string: number of data characters (5) cannot be 1 more than a multiple of 4'),
    ),
    fails(['é'], error('string argument should contain only ASCII characters')),
    fails(['//8='], error("'utf-8' codec can't decode byte 0xff in position 0: invalid start byte")),
    fails(['YcM='], error("'utf-8' codec can't decode byte 0xc3 in position 1: unexpected end of data")),
    fails(['4oJB'], error("'utf-8' codec can't decode bytes in position 0-1: invalid continuation byte")),
    fails(['4oI='], error("'utf-8' codec can't decode bytes in position 0-1: unexpected end of data")),
    fails(['7aCA'], error("'utf-8' codec can't decode byte 0xed in position 0: invalid continuation byte")),
    fails([5], error("argument should be a bytes-like object or ASCII string, not 'IntType'")),
    fails([null], error("argument should be a bytes-like object or ASCII string, not 'NoneType'")),
    fails([['YWJj']], error("argument should be a bytes-like object or ASCII string, not 'ListType'")),
  ],
};
