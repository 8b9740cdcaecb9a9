/** A year as the country's law and the government's decree set it. Dates are `MM-DD`, separated by blanks. */
export interface ShippedYear {
  readonly year: number;
  readonly source: string;
  /** Days from Monday to Friday that are not worked. */
  readonly off: string;
  /** Weekend days that are worked in full. */
  readonly working: string;
  /** Working days that are an hour shorter: before a holiday, or in place of such a day. */
  readonly short: string;
}

/**
 * Working days of Russia. A year is here when its decree is known by number and date. 2009 and 2010 are not; 2020 and 2021
 * had days off by orders of the President besides, which employers counted in different ways.
 */
export const russia: readonly ShippedYear[] = [
  {
    year: 2011,
    source: 'Labour Code art. 112; Government decree No. 600 of 5 August 2010',
    off: '01-03 01-04 01-05 01-06 01-07 01-10 02-23 03-07 03-08 05-02 05-09 06-13 11-04',
    working: '',
    short: '02-22 03-05 11-03',
  },
  {
    year: 2012,
    source: 'Labour Code art. 112; Government decree No. 581 of 20 July 2011, amended by No. 201 of 15 March 2012',
    off: '01-02 01-03 01-04 01-05 01-06 01-09 02-23 03-08 03-09 04-30 05-01 05-07 05-08 05-09 06-11 06-12 11-05 12-31',
    working: '03-11 05-05',
    short: '02-22 03-07 04-28 05-12 06-09 12-29',
  },
  {
    year: 2013,
    source: 'Labour Code art. 112; Government decree No. 1048 of 15 October 2012',
    off: '01-01 01-02 01-03 01-04 01-07 01-08 03-08 05-01 05-02 05-03 05-09 05-10 06-12 11-04',
    working: '',
    short: '02-22 03-07 04-30 05-08 06-11 12-31',
  },
  {
    year: 2014,
    source: 'Labour Code art. 112; Government decree No. 444 of 28 May 2013',
    off: '01-01 01-02 01-03 01-06 01-07 01-08 03-10 05-01 05-02 05-09 06-12 06-13 11-03 11-04',
    working: '',
    short: '02-24 03-07 04-30 05-08 06-11 12-31',
  },
  {
    year: 2015,
    source: 'Labour Code art. 112; Government decree No. 860 of 27 August 2014',
    off: '01-01 01-02 01-05 01-06 01-07 01-08 01-09 02-23 03-09 05-01 05-04 05-11 06-12 11-04',
    working: '',
    short: '04-30 05-08 06-11 11-03 12-31',
  },
  {
    year: 2016,
    source: 'Labour Code art. 112; Government decree No. 1017 of 24 September 2015',
    off: '01-01 01-04 01-05 01-06 01-07 01-08 02-22 02-23 03-07 03-08 05-02 05-03 05-09 06-13 11-04',
    working: '',
    short: '02-20 11-03',
  },
  {
    year: 2017,
    source: 'Labour Code art. 112; Government decree No. 756 of 4 August 2016',
    off: '01-02 01-03 01-04 01-05 01-06 02-23 02-24 03-08 05-01 05-08 05-09 06-12 11-06',
    working: '',
    short: '02-22 03-07 11-03',
  },
  {
    year: 2018,
    source: 'Labour Code art. 112; Government decree No. 1250 of 14 October 2017',
    off: '01-01 01-02 01-03 01-04 01-05 01-08 02-23 03-08 03-09 04-30 05-01 05-02 05-09 06-11 06-12 11-05 12-31',
    working: '',
    short: '02-22 03-07 04-28 05-08 06-09 12-29',
  },
  {
    year: 2019,
    source: 'Labour Code art. 112; Government decree No. 1163 of 1 October 2018',
    off: '01-01 01-02 01-03 01-04 01-07 01-08 03-08 05-01 05-02 05-03 05-09 05-10 06-12 11-04',
    working: '',
    short: '02-22 03-07 04-30 05-08 06-11 12-31',
  },
  {
    year: 2022,
    source: 'Labour Code art. 112; Government decree No. 1564 of 16 September 2021',
    off: '01-03 01-04 01-05 01-06 01-07 02-23 03-07 03-08 05-02 05-03 05-09 05-10 06-13 11-04',
    working: '',
    short: '02-22 03-05 11-03',
  },
  {
    year: 2023,
    source: 'Labour Code art. 112; Government decree No. 1505 of 29 August 2022',
    off: '01-02 01-03 01-04 01-05 01-06 02-23 02-24 03-08 05-01 05-08 05-09 06-12 11-06',
    working: '',
    short: '02-22 03-07 11-03',
  },
  {
    year: 2024,
    source: 'Labour Code art. 112; Government decree No. 1314 of 10 August 2023',
    off: '01-01 01-02 01-03 01-04 01-05 01-08 02-23 03-08 04-29 04-30 05-01 05-09 05-10 06-12 11-04 12-30 12-31',
    working: '04-27 12-28',
    short: '02-22 03-07 05-08 06-11 11-02',
  },
  {
    year: 2025,
    source: 'Labour Code art. 112; Government decree No. 1335 of 4 October 2024',
    off: '01-01 01-02 01-03 01-06 01-07 01-08 05-01 05-02 05-08 05-09 06-12 06-13 11-03 11-04 12-31',
    working: '',
    short: '03-07 04-30 06-11 11-01',
  },
  {
    year: 2026,
    source: 'Labour Code art. 112; Government decree No. 1466 of 24 September 2025',
    off: '01-01 01-02 01-05 01-06 01-07 01-08 01-09 02-23 03-09 05-01 05-11 06-12 11-04 12-31',
    working: '',
    short: '04-30 05-08 06-11 11-03',
  },
];
