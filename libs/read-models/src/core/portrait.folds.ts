import type { Recorded } from '@voronka/kernel';
import { defineFold, type FoldProjection, type RowsProjection, type TableDefinition } from '@voronka/projections';
import type { PortraitPublished, QuestionnairePublished } from '@voronka/sales/events';
import { column, known } from './columns.js';
import { closing, insertion } from './known-rows.js';
import { thingId } from './thing-id.js';

const source = { event_id: column('uuid', 'Event that this row comes from') };

export const portraits: TableDefinition = {
  name: 'portraits',
  comment: 'The portrait in force, as known in an interval of the log',
  columns: {
    portrait_id: column('text', 'Portrait: main'),
    version: column('integer', 'Version, from 1'),
    document: column('jsonb', 'Fields, and segments with their rules'),
    ...source,
    ...known,
  },
  primaryKey: ['portrait_id', 'known_from'],
};

export const questionnaires: TableDefinition = {
  name: 'questionnaires',
  comment: 'One row per version of a questionnaire',
  columns: {
    questionnaire_id: column('text', 'Questionnaire'),
    version: column('integer', 'Version, from 1'),
    name: column('text', 'Name'),
    fields: column('jsonb', 'What is asked'),
    ...source,
    ...known,
  },
  primaryKey: ['questionnaire_id', 'version', 'known_from'],
};

interface PortraitView {
  /** From which the version in force is known; null before the first. */
  readonly from: string | null;
}

/** Each publication takes the place of the one before. */
export const portraitsFold: FoldProjection = defineFold<PortraitView>({
  kind: 'fold',
  name: 'portraits',
  tables: [portraits],
  key: thingId('portrait'),
  initialState: () => ({ from: null }),
  on: {
    PortraitPublished: ({ from }, event) => {
      const { data, stream, eventId, position } = event as Recorded<PortraitPublished>;
      const key = { portrait_id: stream.slice('portrait-'.length) };
      const row = { ...key, version: data.version, document: data.document, event_id: eventId };
      const closed = from === null ? [] : [closing(portraits, key, from, position)];
      return { state: { from: String(position) }, changes: [...closed, insertion(portraits, row, position)] };
    },
  },
});

export const questionnaireRows: RowsProjection = {
  kind: 'rows',
  name: 'questionnaires',
  tables: [questionnaires],
  on: {
    QuestionnairePublished: (event) => {
      const { data, stream, eventId, position } = event as Recorded<QuestionnairePublished>;
      const { version, document } = data;
      const id = stream.slice('questionnaire-'.length);
      const row = { questionnaire_id: id, version, name: document.name, fields: document.fields, event_id: eventId };
      return [insertion(questionnaires, row, position)];
    },
  },
};
