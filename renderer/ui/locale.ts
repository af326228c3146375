// Some systems report a language that is no language tag (`en-US@posix`); number formats of libraries
// throw on it. The window then goes by plain English.

/** The reported language if number formats accept it, else English. */
export function usableLanguage(reported: string): string {
  try {
    return Intl.NumberFormat(reported).resolvedOptions().locale;
  } catch {
    return 'en-US';
  }
}

/** Makes `navigator.language` one that number formats accept. */
export function setUpLocale(): void {
  const language = usableLanguage(navigator.language);
  if (language !== navigator.language) Object.defineProperty(navigator, 'language', { value: language });
}
