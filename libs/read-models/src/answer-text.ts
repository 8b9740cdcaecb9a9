/** Between several choices of one answer, in the order of their codes; no code holds it. */
export const CHOICE_SEPARATOR = ', ';
