import type { Dispatcher } from 'undici';
import type { Json } from '../../../kernel/plugin.js';
import { valueAt } from '../mapping/pointer.js';
import { type Asked, networkError, UnexpectedAnswerError } from './http-errors.js';
import { type Redactor, TooDeepError } from './redactor.js';

/** What is read of an answer. */
export interface AnswerLimits {
  readonly maxBytes: number;
  /** Where a refusal says why; absent: what it says is shown to nobody. */
  readonly errorMessage: string | undefined;
  readonly redactor: Redactor;
}

type Answer = Dispatcher.ResponseData;

const JSON_TYPE = /^application\/([\w.+-]+\+)?json\s*(;|$)/i;
const REFUSAL_BYTES = 64 * 1024;
const LONGEST_MESSAGE = 300;

/** The JSON of an answer, without secrets; undefined where it has no content. @throws UnexpectedAnswerError, UnavailableError */
export async function readJson(
  answer: Answer,
  asked: Asked,
  { maxBytes, redactor }: AnswerLimits,
): Promise<Json | undefined> {
  const { statusCode, headers } = answer;
  if (statusCode === 204 || statusCode === 205 || statusCode === 304) {
    await answer.body.dump();
    return undefined;
  }
  const type = String(headers['content-type'] ?? '');
  const isReadable = JSON_TYPE.test(type) && (headers['content-encoding'] ?? 'identity') === 'identity';
  // What is not JSON is not read: but for whether there is anything at all.
  const text = await readText(answer, asked, isReadable ? maxBytes : 0).catch((error: unknown) => {
    if (error instanceof TooLargeError && !isReadable) throw wrongType(asked, type, headers['content-encoding']);
    throw error instanceof TooLargeError ? tooLarge(asked, maxBytes) : error;
  });
  if (text === '') return undefined;
  try {
    return redactor.json(JSON.parse(text) as Json);
  } catch (error) {
    const what = error instanceof TooDeepError ? error.message : 'is no JSON';
    throw new UnexpectedAnswerError(asked, `gave an answer that ${what}`);
  }
}

/** What a refusal says to people, if that may be shown; it never fails. */
export async function readError(answer: Answer, { errorMessage, redactor }: AnswerLimits): Promise<string | undefined> {
  try {
    if (errorMessage === undefined || !JSON_TYPE.test(String(answer.headers['content-type'] ?? ''))) {
      await answer.body.dump();
      return undefined;
    }
    const text = await readText(answer, undefined, REFUSAL_BYTES);
    const message = valueAt(JSON.parse(text) as Json, errorMessage);
    return typeof message === 'string' ? presentable(redactor.text(message)) : undefined;
  } catch {
    return undefined;
  }
}

function presentable(message: string): string | undefined {
  const line = message.replace(/[\p{Cc}\s]+/gu, ' ').trim();
  if (line === '') return undefined;
  return line.length > LONGEST_MESSAGE ? `${line.slice(0, LONGEST_MESSAGE)}…` : line;
}

class TooLargeError extends Error {}

async function readText({ body }: Answer, asked: Asked | undefined, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > maxBytes) throw new TooLargeError();
      chunks.push(chunk);
    }
  } catch (error) {
    throw asked === undefined || error instanceof TooLargeError ? error : networkError(asked, error);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function tooLarge(asked: Asked, maxBytes: number): UnexpectedAnswerError {
  return new UnexpectedAnswerError(
    asked,
    `gave an answer larger than ${maxBytes} bytes; list by smaller pages, or raise \`maxResponseBytes\``,
  );
}

function wrongType(asked: Asked, type: string, encoding: unknown): UnexpectedAnswerError {
  const named = /^[\w.+-]+\/[\w.+-]+/.exec(type)?.[0] ?? 'no type';
  const what = JSON_TYPE.test(type) ? `an encoding that was not asked for (${String(encoding).slice(0, 20)})` : named;
  return new UnexpectedAnswerError(asked, `gave an answer that is not JSON but of ${what}`);
}
