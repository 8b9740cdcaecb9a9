import type { Recorded } from '@voronka/kernel';
import { createProjector, defineFold, dumpSet, type Projector, type ProjectorOptions } from '@voronka/projections';
import type { ProjectionSet, TableDefinition } from '@voronka/projections';
import type pg from 'pg';
import { ArrayLog } from './support/array-log.js';
import { startDatabases, type TestDatabases, until } from './support/database.js';
import { parcelEvent } from './support/parcel-set.js';

const letters: TableDefinition = {
  name: 'letters',
  comment: 'One row per letter, as known in an interval of the log',
  columns: {
    letter_id: { type: 'text', comment: 'Letter' },
    person_id: { type: 'text', nullable: true, comment: 'To whom' },
    text: { type: 'text', nullable: true, comment: 'What it says' },
    pages: { type: 'integer', comment: 'How long it is' },
    known_from: { type: 'bigint', comment: 'Position of its event' },
    known_to: { type: 'bigint', comment: 'Position that closed it' },
  },
  primaryKey: ['letter_id', 'known_from'],
  personal: { category: 'person', id: 'person_id', columns: ['text'] },
};

interface Written {
  readonly person: string | null;
  readonly text: string;
}

/** A letter written again closes the row of before; the state holds nothing of what it says. */
const post = defineFold<{ readonly since: string | null; readonly times: number }>({
  kind: 'fold',
  name: 'post',
  tables: [letters],
  key: ({ stream }) => stream,
  initialState: () => ({ since: null, times: 0 }),
  on: {
    LetterWritten: (state, { data, stream, position }) => {
      const { person, text } = data as Written;
      const row = { letter_id: stream, person_id: person, text, pages: text.length, known_from: position };
      const closing =
        state.since === null
          ? []
          : ([
              {
                op: 'close',
                table: 'letters',
                key: { letter_id: stream, known_from: BigInt(state.since) },
                knownTo: position,
              },
            ] as const);
      return {
        state: { since: String(position), times: state.times + 1 },
        changes: [...closing, { op: 'insert', table: 'letters', row }],
      };
    },
  },
});

const postSet: ProjectionSet = {
  name: 'post',
  version: 1,
  projections: [post],
  erasures: { PersonErased: ({ stream }) => stream },
};

let position = 0;
const written = (letter: string, person: string | null, text: string): Recorded =>
  parcelEvent((position += 1), 'LetterWritten', letter, { person, text });
const erased = (person: string): Recorded => parcelEvent((position += 1), 'PersonErased', `person-${person}`, {});

/** What a log gives while the key is still kept in memory: the texts, even those written after the erasure. */
function history(): Recorded[] {
  return [
    written('letter-1', 'ada', 'Dear Ada'),
    written('letter-2', 'bob', 'Dear Bob'),
    written('letter-1', 'ada', 'Dearest Ada'),
    written('letter-3', null, 'To whom it may concern'),
    erased('ada'),
    written('letter-2', 'bob', 'Dearest Bob'),
    written('letter-4', 'ada', 'Ada, once more'),
  ];
}

const EXPECTED = [
  'letter-1 ada null 8',
  'letter-1 ada null 11',
  'letter-2 bob Dear Bob 8',
  'letter-2 bob Dearest Bob 11',
  'letter-3 null To whom it may concern 22',
  'letter-4 ada null 14',
];

describe('erasing', () => {
  let databases: TestDatabases;
  let running: Projector[] = [];

  beforeAll(async () => {
    databases = await startDatabases();
  });
  afterAll(() => databases.stop());
  afterEach(async () => {
    await Promise.all(running.map((projector) => projector.stop()));
    running = [];
  });

  async function rig() {
    const url = await databases.fresh();
    const projector = (log: ArrayLog, options: Partial<ProjectorOptions> = {}): Projector => {
      const made = createProjector({ database: url, log, sets: [postSet], standbyPollMs: 50, ...options });
      running.push(made);
      return made;
    };
    return { pool: databases.pool(url), projector };
  }

  async function rowsOf(pool: pg.Pool, schema = 'read'): Promise<string[]> {
    const { rows } = await pool.query<{ line: string }>(
      `select concat_ws(' ', letter_id, coalesce(person_id, 'null'), coalesce(text, 'null'), pages) as line
       from ${schema}.letters order by letter_id, known_from`,
    );
    return rows.map(({ line }) => line);
  }

  async function followed(log: ArrayLog, projector: Projector): Promise<void> {
    const end = log.events.at(-1)?.position;
    await projector.start();
    await until(() => projector.states()[0]?.checkpoint === end, 'the end of the log');
  }

  it.each([1, 2, 3, 100])('blanks open and closed rows and those to come, %i events at a time', async (size) => {
    const { pool, projector } = await rig();
    const [first, ...rest] = history();
    const log = new ArrayLog(first === undefined ? [] : [first]);
    const one = projector(log, { tailBatchSize: size });
    await followed(log, one);
    expect(await rowsOf(pool)).toEqual(['letter-1 ada Dear Ada 8']);
    log.add(...rest);
    await followed(log, one);
    expect(await rowsOf(pool)).toEqual(EXPECTED);
    const live = await dumpSet(pool, postSet);
    expect(live).not.toMatch(/Ada/);
    for (const rebuildBatchSize of [2, 1_000]) {
      await projector(log, { rebuildBatchSize }).rebuild('post', { mode: 'new' });
      expect(await dumpSet(pool, postSet)).toBe(live);
    }
  });

  it('goes on erasing after a restart, of what comes from programs that still have the key', async () => {
    const { pool, projector } = await rig();
    const log = new ArrayLog(history().slice(0, 5));
    const one = projector(log);
    await followed(log, one);
    await one.stop();
    log.add(written('letter-5', 'ada', 'Late, Ada'));
    await followed(log, projector(log));
    expect(await rowsOf(pool)).toContain('letter-5 ada null 9');
  });

  it.each([
    ['that says what is personal', false],
    ['made before that was recorded', true],
  ])('blanks an unfinished build %s', async (_, forget) => {
    const { pool, projector } = await rig();
    const [toCome, ...before] = history().slice(0, 5).reverse();
    if (toCome === undefined) throw new Error('no erasure');
    const log = new ArrayLog(before.reverse());
    const one = projector(log);
    await followed(log, one);
    log.beforeBatch = ({ events }) => {
      if (events.some(({ stream }) => stream === 'letter-3')) throw new Error('broken off');
    };
    await expect(projector(log, { rebuildBatchSize: 1 }).rebuild('post', { mode: 'new' })).rejects.toThrow(
      /broken off/,
    );
    log.beforeBatch = () => undefined;
    if (forget) await pool.query('update projection.sets set personal = null');
    expect(await rowsOf(pool, 'post_v2')).toContain('letter-1 ada Dear Ada 8');
    log.add(toCome);
    await followed(log, one);
    for (const schema of ['read', 'post_v2']) {
      const rows = await rowsOf(pool, schema);
      expect(rows).toContain('letter-2 bob Dear Bob 8');
      expect(rows.join()).not.toMatch(/Ada/);
    }
    await projector(log).rebuild('post', { mode: 'resume' });
    expect(await rowsOf(pool)).toEqual(EXPECTED.filter((row) => !/Dearest|letter-4/.test(row)));
  });

  it('destroys keys before an erasure counts as handled, again after a failure, and at every start', async () => {
    const { pool, projector } = await rig();
    const log = new ArrayLog(history().slice(0, 4));
    const told: { subjects: readonly string[]; checkpoint: string | null }[] = [];
    let refusals = 1;
    const onErased = async (subjects: readonly string[]): Promise<void> => {
      const { rows } = await pool.query<{ checkpoint: string }>('select checkpoint from projection.sets');
      told.push({ subjects, checkpoint: rows[0]?.checkpoint ?? null });
      refusals -= 1;
      if (refusals >= 0) throw Object.assign(new Error('the store of the keys is away'), { code: 'ECONNREFUSED' });
    };
    const one = projector(log, { onErased });
    await followed(log, one);
    const before = String(log.events.at(-1)?.position);
    log.add(erased('ada'));
    await followed(log, one);
    expect(told).toEqual([
      { subjects: ['person-ada'], checkpoint: before },
      { subjects: ['person-ada'], checkpoint: before },
    ]);
    await one.stop();
    const again: string[] = [];
    const two = projector(log, { onErased: async (subjects) => void again.push(...subjects) });
    await two.start();
    expect(again).toEqual(['person-ada']);
  });

  it('refuses a definition that could not erase', () => {
    const made = (set: ProjectionSet) => () => createProjector({ database: '', log: new ArrayLog(), sets: [set] });
    const { erasures: _, ...without } = postSet;
    expect(made(without)).toThrow(/letters has personal cells, and no event of the set erases anybody/);
    const strict = { ...letters, personal: { category: 'person', id: 'person_id', columns: ['pages'] } };
    expect(made({ ...postSet, projections: [{ ...post, tables: [strict] }] })).toThrow(/pages cannot be blanked/);
    const nobody = { ...letters, personal: { category: 'person', id: 'known_from', columns: ['text'] } };
    expect(made({ ...postSet, projections: [{ ...post, tables: [nobody] }] })).toThrow(/known_from is no text/);
  });
});
