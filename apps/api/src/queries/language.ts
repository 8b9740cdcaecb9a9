import { type Language, LANGUAGES } from '@voronka/read-models';

/** The language of `Accept-Language` that is liked best among ours; English where it names none of them. */
export function languageOf(header: string | undefined): Language {
  const liked = (header ?? '').split(',').flatMap((part) => {
    const [range = '', ...parameters] = part.trim().toLowerCase().split(';');
    const language = LANGUAGES.find((one) => range === one || range.startsWith(`${one}-`));
    const weight = parameters.map((one) => /^\s*q=([\d.]+)\s*$/.exec(one)?.[1]).find((one) => one !== undefined);
    const quality = weight === undefined ? 1 : Number(weight);
    return language === undefined || !(quality > 0) ? [] : [{ language, quality }];
  });
  const [best] = liked.toSorted((a, b) => b.quality - a.quality);
  return best?.language ?? 'en';
}
