/** A sample line of Prometheus' text format. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A family of samples with what its comment lines say of it. */
export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly samples: readonly Sample[];
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*/;
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,|\})/;
// As Go's ParseFloat reads it, which takes NaN in either case; prom-client writes `Nan` of what it has not measured yet.
const VALUE = /^ ([Nn]a[Nn]|[+-]Inf|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)$/;
const TYPES = ['counter', 'gauge', 'histogram', 'summary', 'untyped'];

/**
 * Reads Prometheus' text format (0.0.4) as strictly as its specification and `promtool check metrics` ask for.
 * @throws Error that names the line
 */
export function parseExposition(text: string): ReadonlyMap<string, Family> {
  if (!text.endsWith('\n')) throw new Error('the last line does not end');
  const families = new Map<string, Family & { samples: Sample[] }>();
  const seen = new Set<string>();
  let current: (Family & { samples: Sample[] }) | undefined;
  let pendingHelp: readonly [string, string] | undefined;
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const refuse = (why: string): never => {
      throw new Error(`${why}: ${line}`);
    };
    const help = /^# HELP (\S+) (.+)$/.exec(line);
    const type = /^# TYPE (\S+) (\S+)$/.exec(line);
    if (help !== null) {
      pendingHelp = [help[1] ?? '', help[2] ?? ''];
    } else if (type !== null) {
      const [, name = '', kind = ''] = type;
      if (families.has(name)) refuse('a family that was there already');
      if (pendingHelp?.[0] !== name) refuse('no help right before the type');
      if (!TYPES.includes(kind)) refuse('no such type');
      if (kind === 'counter' && !name.endsWith('_total')) refuse('a counter whose name does not end in _total');
      // A gauge of Node's active resources is named so by prom-client.
      if (kind !== 'counter' && name.startsWith('koreo_') && name.endsWith('_total'))
        refuse('no counter, but named as one');
      current = { name, help: pendingHelp?.[1] ?? '', type: kind, samples: [] };
      families.set(name, current);
    } else if (line.startsWith('#')) {
      refuse('a comment that is neither HELP nor TYPE');
    } else {
      const sample = parseSample(line);
      if (current === undefined || !belongs(sample.name, current)) refuse('a sample outside of its family');
      const identity = JSON.stringify([sample.name, Object.entries(sample.labels).sort()]);
      if (seen.has(identity)) refuse('a sample that was there already');
      seen.add(identity);
      current?.samples.push(sample);
    }
  }
  for (const family of families.values()) if (family.type === 'histogram') checkHistogram(family);
  return families;
}

function belongs(name: string, { name: family, type }: Family): boolean {
  if (type === 'histogram') return ['_bucket', '_sum', '_count'].some((suffix) => name === family + suffix);
  if (type === 'summary') return name === family || ['_sum', '_count'].some((suffix) => name === family + suffix);
  return name === family;
}

function parseSample(line: string): Sample {
  const name = NAME.exec(line)?.[0];
  if (name === undefined) throw new Error(`no name: ${line}`);
  let rest = line.slice(name.length);
  const labels: Record<string, string> = {};
  if (rest.startsWith('{')) {
    rest = rest.slice(1);
    for (let end = false; !end; ) {
      const label = LABEL.exec(rest);
      if (label === null) throw new Error(`no label at '${rest}': ${line}`);
      const [whole, key = '', value = '', after] = label;
      if (Object.hasOwn(labels, key)) throw new Error(`the label ${key} twice: ${line}`);
      labels[key] = value.replaceAll(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char));
      rest = rest.slice(whole.length);
      end = after === '}';
    }
  }
  const value = VALUE.exec(rest)?.[1];
  if (value === undefined) throw new Error(`no value at '${rest}': ${line}`);
  return { name, labels, value: value.endsWith('Inf') ? Number(`${value}inity`) : Number(value) };
}

/** Buckets grow, the last is +Inf, and it holds as many as there are. */
function checkHistogram({ name, samples }: Family): void {
  const series = new Map<string, Sample[]>();
  for (const sample of samples) {
    const { le: _le, ...labels } = sample.labels;
    const key = JSON.stringify(labels);
    series.set(key, [...(series.get(key) ?? []), sample]);
  }
  for (const [key, members] of series) {
    const buckets = members.filter((sample) => sample.name === `${name}_bucket`);
    const count = members.find((sample) => sample.name === `${name}_count`)?.value;
    const sum = members.find((sample) => sample.name === `${name}_sum`)?.value;
    const values = buckets.map(({ value }) => value);
    const grows = values.every((value, index) => index === 0 || value >= (values[index - 1] ?? 0));
    if (buckets.at(-1)?.labels.le !== '+Inf' || !grows || values.at(-1) !== count || sum === undefined) {
      throw new Error(`the buckets of ${name}${key} do not add up`);
    }
  }
}

/** The value of the sample of that name whose labels include those given; undefined when there is none. */
export function sampleOf(
  families: ReadonlyMap<string, Family>,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined {
  const all = [...families.values()].flatMap(({ samples }) => samples);
  return all.find(
    (sample) => sample.name === name && Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
  )?.value;
}
