/** Answer to one field of a form, or one portrait field: text, number, yes/no, a code, or codes. */
export type AnswerValue = string | number | boolean | readonly string[];

/** Field code → answer. `unknown` is an answer; a missing code is none. */
export type Answers = Readonly<Record<string, AnswerValue>>;

/** The answer that nobody knows: every closed list and every yes/no offers it. It is not no, and no absence. */
export const UNKNOWN = 'unknown';
