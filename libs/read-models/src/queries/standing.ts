/**
 * Since when, as SQL, deal `d` that is open in spell `s` of its states stands at its position `p`. Once reopened it stands
 * there since then: a reopening begins a new stay, and the time it was closed is not counted.
 */
export const STANDING_SINCE =
  'CASE WHEN s.event_id = d.event_id THEN p.valid_from ELSE greatest(p.valid_from, s.valid_from) END';
