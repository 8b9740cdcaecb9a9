import type { Recorded } from '@voronka/kernel';
import type { ProcessManager } from '@voronka/processes';
import { asksPortrait, PORTRAIT_ID } from '@voronka/sales';
import type { RouteMapPublished } from '@voronka/sales/events';

const PREFIX = 'routeMap-';

/** Tells the portrait of the route maps that ask it: its newer versions are then held against them. */
export const notePortraitUses: ProcessManager = {
  name: 'note-portrait-uses',
  summary: 'Tells the portrait which route maps ask it.',
  on: {
    RouteMapPublished: (event) => {
      const { stream, data } = event as Recorded<RouteMapPublished>;
      const routeMapId = stream.slice(PREFIX.length);
      const asked = {
        ...{ category: 'portrait', id: PORTRAIT_ID, type: 'NotePortraitUse', body: { routeMapId } },
        key: routeMapId,
      };
      return Promise.resolve(asksPortrait(data.document) ? [asked] : []);
    },
  },
};
