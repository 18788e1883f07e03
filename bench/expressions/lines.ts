import type { Line, Scope } from './line.js';
import { SERVICE } from './service.js';

const TEN = Array.from({ length: 10 }, (_, n) => n);
const HUNDRED = Array.from({ length: 100 }, (_, n) => ({ n }));
const PARCEL = { journey: { scans: ['Port', 'Rail', 'Depot'].map((place) => ({ place, state: 'Done' })) } };
const ORDER = { apiVersion: 'shop.example/v1', kind: 'Order', metadata: { name: '1001', namespace: 'eu' } };
const CARD = { address: { name: 'n', country: { from: 'NL' } }, order: { n: 0, marks: [1, 2, 3] } };

/** The expressions that are measured, from the least that one can be to a whole resource. */
export const LINES: readonly Line[] = [
  {
    name: 'literal',
    inputs: {},
    gives: 7,
    cel: '=3 + 4',
    jsonata: '=3 + 4',
    javascript: () => 3 + 4,
  },
  {
    name: 'member',
    inputs: { inputs: { order: { quantity: 3 } } },
    gives: 3,
    cel: '=inputs.order.quantity',
    jsonata: '=inputs.order.quantity',
    javascript: ({ inputs }: Scope) => inputs.order.quantity,
  },
  {
    name: 'deep-member',
    inputs: { inputs: { parcel: { details: { tags: { 'shop.example/lane': 'sea' } } } } },
    gives: 'sea',
    cel: '=inputs.parcel.details.tags["shop.example/lane"]',
    jsonata: '=inputs.parcel.details.tags.`shop.example/lane`',
    javascript: ({ inputs }: Scope) => inputs.parcel.details.tags['shop.example/lane'],
  },
  {
    name: 'string-concat',
    inputs: { inputs: { area: 'DEN', n: 7 } },
    gives: 'invoices-den-7.v2',
    cel: '="invoices-" + inputs.area.lower() + "-" + string(inputs.n) + ".v2"',
    celJs: '="invoices-" + lower(inputs.area) + "-" + to_json(inputs.n) + ".v2"',
    jsonata: '="invoices-" & $lowercase(inputs.area) & "-" & $string(inputs.n) & ".v2"',
    javascript: ({ inputs }: Scope) => `invoices-${inputs.area.toLowerCase()}-${inputs.n}.v2`,
  },
  {
    name: 'has-ternary',
    inputs: { inputs: { gift: { card: {} } } },
    gives: 'none',
    cel: '=has(inputs.gift.card.text) ? inputs.gift.card.text : "none"',
    jsonata: '=$exists(inputs.gift.card.text) ? inputs.gift.card.text : "none"',
    javascript: ({ inputs }: Scope) => (inputs.gift?.card?.text !== undefined ? inputs.gift.card.text : 'none'),
  },
  {
    name: 'bool-logic',
    inputs: { inputs: { paid: true, articles: 3, urgent: false } },
    gives: true,
    cel: '=inputs.paid && inputs.articles > 0 && inputs.articles <= 10 || inputs.urgent',
    jsonata: '=inputs.paid and inputs.articles > 0 and inputs.articles <= 10 or inputs.urgent',
    javascript: ({ inputs }: Scope) => (inputs.paid && inputs.articles > 0 && inputs.articles <= 10) || inputs.urgent,
  },
  {
    name: 'map-10',
    inputs: { inputs: { sizes: TEN } },
    gives: TEN.map((n) => n * 2),
    cel: '=inputs.sizes.map(s, s * 2)',
    jsonata: '=[inputs.sizes.($ * 2)]',
    javascript: ({ inputs }: Scope) => inputs.sizes.map((size: number) => size * 2),
  },
  {
    name: 'filter-map-100',
    inputs: { inputs: { cases: HUNDRED } },
    gives: HUNDRED.filter(({ n }) => n % 2 === 0).map(({ n }) => ({ code: `case-${n}` })),
    cel: '=inputs.cases.filter(c, c.n % 2 == 0).map(c, {"code": "case-" + string(c.n)})',
    celJs: '=inputs.cases.filter(c, c.n % 2 == 0).map(c, {"code": "case-" + to_json(c.n)})',
    jsonata: '=[inputs.cases[n % 2 = 0].{"code": "case-" & $string(n)}]',
    javascript: ({ inputs }: Scope) =>
      inputs.cases.filter((one: Scope) => one.n % 2 === 0).map((one: Scope) => ({ code: `case-${one.n}` })),
  },
  {
    name: 'conditions-exists',
    inputs: { inputs: { p: PARCEL } },
    gives: true,
    cel: '=inputs.p.journey.scans.exists(s, s.place == "Depot" && s.state == "Done")',
    jsonata: '=$exists(inputs.p.journey.scans[place = "Depot" and state = "Done"])',
    javascript: ({ inputs }: Scope) =>
      inputs.p.journey.scans.some((scan: Scope) => scan.place === 'Depot' && scan.state === 'Done'),
  },
  {
    name: 'self-ref',
    inputs: { inputs: { o: ORDER } },
    gives: { apiVersion: 'shop.example/v1', kind: 'Order', name: '1001', namespace: 'eu' },
    cel: '=inputs.o.self_ref()',
    celJs: '=self_ref(inputs.o)',
    jsonata: '=$self_ref(inputs.o)',
    javascript: ({ inputs: { o } }: Scope) => ({
      apiVersion: o.apiVersion,
      kind: o.kind,
      name: o.metadata.name,
      namespace: o.metadata.namespace,
    }),
  },
  {
    name: 'overlay-fn',
    inputs: { inputs: { n: 1, card: CARD } },
    gives: { address: { name: 'n', country: { from: 'NL', to: 'DE' } }, order: { n: 1, marks: [1, 2, 3] } },
    cel: '=inputs.card.overlay({"address": {"country": {"to": "DE"}}, "order": {"n": inputs.n}})',
    celJs: '=overlay(inputs.card, {"address": {"country": {"to": "DE"}}, "order": {"n": inputs.n}})',
    jsonata: '=$overlay(inputs.card, {"address": {"country": {"to": "DE"}}, "order": {"n": inputs.n}})',
    javascript: ({ inputs: { card, n } }: Scope) => ({
      ...card,
      address: { ...card.address, country: { ...card.address.country, to: 'DE' } },
      order: { ...card.order, n },
    }),
  },
  SERVICE,
];
