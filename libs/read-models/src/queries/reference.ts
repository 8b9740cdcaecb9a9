import { type Answer, answerHead, type QueryContext } from './context.js';
import { type Page, pageOf } from './page.js';
import { Statement } from './sql.js';

/** A list of reference data as known at K; what changes in business time is that of T. */
export interface ReferenceAnswer<Item> extends Answer<Readonly<Record<string, never>>> {
  /** All there are. */
  readonly count: number;
  readonly items: readonly Item[];
}

export interface DepartmentItem {
  readonly departmentId: string;
  readonly name: string;
  readonly parentId: string | null;
  readonly headId: string | null;
}

export interface EmployeeItem {
  readonly employeeId: string;
  /** Null once erased. */
  readonly name: string | null;
  /** A program, kept out of personal indicators. */
  readonly robot: boolean;
  /** First and last working day, `yyyy-mm-dd`. */
  readonly hiredOn: string;
  readonly dismissedOn: string | null;
  /** Where they work at T; null while nowhere. */
  readonly departmentId: string | null;
  readonly position: string | null;
}

export interface CustomerItem {
  readonly customerId: string;
  readonly kind: string;
  /** Null once erased. */
  readonly name: string | null;
  readonly source: string | null;
  /** At T. */
  readonly segment: string | null;
  /** Answers at T that are not personal, as text, by field. */
  readonly portrait: Readonly<Record<string, string>>;
  /** Customers that share a tax number, phone or e-mail with it, unless more than 20 do. */
  readonly sharesWith: readonly string[];
}

export interface DuplicateItem {
  /** taxNumber, phone or email. */
  readonly kind: string;
  /** Customers that have the same, by id. */
  readonly customers: readonly { readonly customerId: string; readonly name: string | null }[];
}

export interface PortraitItem {
  readonly portraitId: string;
  readonly version: number;
  readonly fields: readonly object[];
  readonly segments: readonly { readonly code: string; readonly name: string; readonly rule?: string }[];
}

export interface QuestionnaireItem {
  readonly questionnaireId: string;
  readonly version: number;
  readonly name: string;
  readonly fields: readonly object[];
}

export interface ProductItem {
  readonly productId: string;
  readonly name: string;
  readonly line: string;
  readonly retired: boolean;
  /** On which a won deal with it opens a service case. */
  readonly serviceMapId: string | null;
}

export interface CalendarItem {
  readonly calendarId: string;
  readonly version: number;
  /** Weekday (1 Monday to 7) to its hours. */
  readonly weeklyHours: Readonly<Record<string, readonly { readonly from: string; readonly to: string }[]>>;
  readonly days: readonly object[];
  /** Any other year is assumed to be plain weeks. */
  readonly years: readonly { readonly year: number; readonly source: string | null }[];
}

export interface RouteMapStepItem {
  readonly step: string;
  readonly name: string;
  readonly stage: string;
  readonly kind: string;
  /** Bar of the funnel, if it is one. */
  readonly rank: number | null;
  readonly mandatory: boolean;
}

export interface RouteMapItem {
  readonly routeMap: string;
  readonly version: number;
  readonly name: string;
  readonly purpose: string;
  /** In the order of the document. */
  readonly steps: readonly RouteMapStepItem[];
}

/** One list: what is read of which rows, and in which order. */
interface Listing {
  /** A function where they bind what the count does not name. */
  readonly columns: string | ((statement: Statement) => string);
  readonly from: (statement: Statement) => string;
  readonly order: string;
}

/** Departments by id, with who heads them at T. @throws DomainError PAGE_INVALID */
export function departmentsList(context: QueryContext, page: Page = {}): Promise<ReferenceAnswer<DepartmentItem>> {
  return list(context, page, {
    columns: 'd.department_id AS "departmentId", d.name, d.parent_id AS "parentId", h.employee_id AS "headId"',
    from: (statement) => `departments d
      LEFT JOIN department_heads h ON h.department_id = d.department_id AND ${statement.holds('h', statement.now)}
      WHERE ${statement.known('d')}`,
    order: 'd.department_id',
  });
}

/** Employees and robots by id, dismissed ones too. @throws DomainError PAGE_INVALID */
export function employeesList(context: QueryContext, page: Page = {}): Promise<ReferenceAnswer<EmployeeItem>> {
  return list(context, page, {
    columns: `e.employee_id AS "employeeId", e.name, e.robot, e.hired_on::text AS "hiredOn",
      e.dismissed_on::text AS "dismissedOn", a.department_id AS "departmentId", a.position`,
    from: (statement) => `employees e
      LEFT JOIN employee_assignments a ON a.employee_id = e.employee_id AND ${statement.holds('a', statement.now)}
      WHERE ${statement.known('e')}`,
    order: 'e.employee_id',
  });
}

/** What more customers have in common is nobody's own (a placeholder, a call centre): `duplicatesList` shows it. */
const MOST_SHARING = 20;

/** Customers by id. @throws DomainError PAGE_INVALID */
export function customersList(context: QueryContext, page: Page = {}): Promise<ReferenceAnswer<CustomerItem>> {
  return list(context, page, {
    columns: (statement) => `c.customer_id AS "customerId", c.kind, c.name, c.source, s.segment,
      (SELECT coalesce(json_object_agg(p.field, p.value), '{}') FROM customer_portrait p
        WHERE p.customer_id = c.customer_id AND ${statement.holds('p', statement.now)}) AS portrait,
      coalesce(dup.ids, '{}') AS "sharesWith"`,
    from: (statement) => `customers c
      LEFT JOIN customer_segments s ON s.customer_id = c.customer_id AND ${statement.holds('s', statement.now)}
      LEFT JOIN (SELECT i.id AS customer_id, array_agg(DISTINCT o.id ORDER BY o.id) AS ids
        FROM (SELECT array_agg(t.customer_id) AS ids FROM ${identitiesSql(statement)} t
          GROUP BY t.kind, t.digest HAVING count(*) BETWEEN 2 AND ${MOST_SHARING}) same,
          unnest(same.ids) AS i (id), unnest(same.ids) AS o (id)
        WHERE i.id <> o.id GROUP BY i.id) dup ON dup.customer_id = c.customer_id
      WHERE ${statement.known('c')}`,
    order: 'c.customer_id',
  });
}

/** Customers registered up to a position. */
export async function customerIds(client: QueryContext['client'], position: bigint): Promise<readonly string[]> {
  const { rows } = await client.query<{ id: string }>(
    'SELECT DISTINCT customer_id AS id FROM customers WHERE known_from <= $1 ORDER BY 1',
    [String(position)],
  );
  return rows.map(({ id }) => id);
}

/** Keyed hashes of all customers, one a row. */
function identitiesSql(statement: Statement): string {
  const kinds = { taxNumber: 'tax_numbers', phone: 'phones', email: 'emails' };
  const parts = Object.entries(kinds).map(
    ([kind, column]) => `SELECT t.customer_id, '${kind}' AS kind, unnest(t.${column}) AS digest
      FROM customer_identities t WHERE ${statement.known('t')}`,
  );
  return `(${parts.join(' UNION ALL ')})`;
}

/** What several customers have in common that should be one's own; nothing of who was erased. @throws DomainError PAGE_INVALID */
export function duplicatesList(context: QueryContext, page: Page = {}): Promise<ReferenceAnswer<DuplicateItem>> {
  return list(context, page, {
    columns: `d.kind, (SELECT json_agg(json_build_object('customerId', m.id, 'name', m.name) ORDER BY m.id)
      FROM unnest(d.ids, d.names) AS m (id, name)) AS customers`,
    from: (statement) => `(SELECT i.kind, i.digest, array_agg(c.customer_id ORDER BY c.customer_id) AS ids,
        array_agg(c.name ORDER BY c.customer_id) AS names
      FROM ${identitiesSql(statement)} i
      JOIN customers c ON c.customer_id = i.customer_id AND ${statement.known('c')}
      GROUP BY i.kind, i.digest HAVING count(*) > 1) d`,
    order: 'd.kind, d.ids, d.digest',
  });
}

/** The portrait in force at K. @throws DomainError PAGE_INVALID */
export function portraitsList(context: QueryContext, page: Page = {}): Promise<ReferenceAnswer<PortraitItem>> {
  return list(context, page, {
    columns: `p.portrait_id AS "portraitId", p.version, p.document->'fields' AS fields,
      p.document->'segments' AS segments`,
    from: (statement) => `portraits p WHERE ${statement.known('p')}`,
    order: 'p.portrait_id',
  });
}

/** Questionnaires by id, the latest version first. @throws DomainError PAGE_INVALID */
export function questionnairesList(
  context: QueryContext,
  page: Page = {},
): Promise<ReferenceAnswer<QuestionnaireItem>> {
  return list(context, page, {
    columns: 'q.questionnaire_id AS "questionnaireId", q.version, q.name, q.fields',
    from: (statement) => `questionnaires q WHERE ${statement.known('q')}`,
    order: 'q.questionnaire_id, q.version DESC',
  });
}

/** Products by id, retired ones too. @throws DomainError PAGE_INVALID */
export function productsList(context: QueryContext, page: Page = {}): Promise<ReferenceAnswer<ProductItem>> {
  return list(context, page, {
    columns: 'p.product_id AS "productId", p.name, p.line, p.retired, p.service_map_id AS "serviceMapId"',
    from: (statement) => `products p WHERE ${statement.known('p')}`,
    order: 'p.product_id',
  });
}

/** Working calendars as known at K. @throws DomainError PAGE_INVALID */
export function calendarsList(context: QueryContext, page: Page = {}): Promise<ReferenceAnswer<CalendarItem>> {
  return list(context, page, {
    columns: `c.calendar_id AS "calendarId", c.version, c.calendar->'weeklyHours' AS "weeklyHours",
      c.calendar->'days' AS days, coalesce(c.calendar->'years', '[]') AS years`,
    from: (statement) => `calendars c WHERE ${statement.known('c')}`,
    order: 'c.calendar_id',
  });
}

/** Route maps by id, the latest version first, each with its steps. @throws DomainError PAGE_INVALID */
export function routeMapsList(context: QueryContext, page: Page = {}): Promise<ReferenceAnswer<RouteMapItem>> {
  return list(context, page, {
    columns: 'm.route_map_id AS "routeMap", m.version, m.name, m.purpose, s.steps',
    from: (statement) => `route_maps m
      CROSS JOIN LATERAL (
        SELECT coalesce(json_agg(json_build_object('step', t.step, 'name', t.name, 'stage', t.stage, 'kind', t.kind,
          'rank', t.rank, 'mandatory', t.mandatory) ORDER BY t.ordinal), '[]') AS steps
        FROM route_map_steps t
        WHERE t.route_map_id = m.route_map_id AND t.version = m.version AND ${statement.known('t')}
      ) s
      WHERE ${statement.known('m')}`,
    order: 'm.route_map_id, m.version DESC',
  });
}

/** One page of a listing, and how many there are in all. @throws DomainError PAGE_INVALID */
export async function list<Item extends object>(
  context: QueryContext,
  page: Page,
  { columns, from, order }: Listing,
): Promise<ReferenceAnswer<Item>> {
  const { limit, offset } = pageOf(page);
  const statement = new Statement(context);
  const body = from(statement);
  const [counted] = await statement.rows<{ n: number }>(`SELECT count(*)::int AS n FROM ${body}`);
  const items = await statement.rows<Item>(
    `SELECT ${typeof columns === 'string' ? columns : columns(statement)} FROM ${body} ORDER BY ${order} LIMIT ${limit} OFFSET ${offset}`,
  );
  return { ...answerHead(context, {}, true), count: counted?.n ?? 0, items };
}
