// Writes the tables of names and places, one file for each language, from the data of @faker-js/faker.
//
//   npm install --prefix /tmp/faker @faker-js/faker@10.6.0
//   NODE_PATH=/tmp/faker/node_modules node fakes/locales/export.mjs
//
// The names are faker's. So are the towns where it has real ones; where it only has parts to invent towns from, or
// leaves out the large ones, the towns are listed here. Faker knows no time zones: they stand with the places below.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const version = '10.6.0';
const require = createRequire(import.meta.url);
const root = dirname(require.resolve('@faker-js/faker/package.json'));
const found = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version;
if (found !== version) throw new Error(`faker is ${found}, want ${version}`);
const { allLocales } = await import(pathToFileURL(join(root, 'dist/index.js')));
const here = dirname(fileURLToPath(import.meta.url));

// A name is one plausible word: letters, and hyphens and apostrophes between them.
const isName = (s) => typeof s === 'string' && /^\p{Lu}\p{L}+(['’-]\p{L}+)*$/u.test(s) && s.length >= 2 && s.length <= 16;
const names = (locale, what) => [...new Set(Object.values(allLocales[locale].person[what] ?? {}).flat().filter(isName))];
const both = (list, ...others) => list.filter((name) => others.every((other) => other.includes(name)));
const either = (list, ...others) => list.filter((name) => others.some((other) => other.includes(name)));

// spread takes n of a sorted list from everywhere in it.
const spread = (list, n) => (list.length <= n ? list : Array.from({ length: n }, (_, i) => list[Math.floor((i * list.length) / n)]));
// fill takes n, of the best lists first.
const fill = (n, ...lists) => lists.reduce((out, list) => [...out, ...spread(list.filter((x) => !out.includes(x)), n - out.length)], []);

const first = (locale) => names(locale, 'first_name');
const last = (locale) => names(locale, 'last_name');
// towns of faker, and it is an error if it has not one of those that are asked for.
const towns = (locale, ...wanted) => {
  const all = allLocales[locale].location.city_name;
  for (const town of wanted) if (!all.includes(town)) throw new Error(`${locale} has no town ${town}`);
  return wanted;
};
const place = (locale, zone, country, list) => ({ locale, zone, country, list });

// Of the long lists, the names that a second list of the language has too are the usual ones; Polish and Italian have no
// second list, so there it is those that are also at home elsewhere, or that are listed here. Polish surnames that end
// as adjectives do have a form for women: they are left out, as a name is drawn here without a gender.
const usualPolish = `Adam Adrian Agata Agnieszka Aleksander Aleksandra Alicja Amanda Andrzej Aneta Angelika Anna Antoni Antonina
  Arkadiusz Artur Barbara Bartosz Beata Błażej Bogdan Cecylia Cezary Damian Daniel Daria Dariusz Dawid Diana Dominik Dominika Dorota
  Edyta Elżbieta Emil Emilia Ernest Ewa Ewelina Fabian Feliks Filip Franciszek Gabriela Grzegorz Hanna Helena Henryk Hubert Hugo Ida
  Ignacy Igor Ilona Irena Ireneusz Iwona Izabela Jacek Jadwiga Jakub Jan Janina Janusz Jerzy Joanna Julia Julian Justyna Józef Kamil
  Kamila Karol Karolina Katarzyna Kazimierz Kinga Klara Klaudia Konrad Kornelia Krystian Krystyna Krzysztof Laura Lena Leon Lidia
  Liliana Ludwik Łucja Łukasz Maciej Magdalena Maja Maksymilian Małgorzata Marcin Marek Maria Mariusz Marta Martyna Mateusz Michalina
  Michał Mikołaj Milena Monika Natalia Nikodem Nina Olga Oliwia Oskar Patrycja Patryk Paulina Paweł Piotr Rafał Renata Robert Roman
  Róża Ryszard Sabina Sebastian Stanisław Stefan Stefania Sylwia Szymon Tadeusz Teresa Tobiasz Tomasz Urszula Wanda Weronika Wiktor
  Wiktoria Wojciech Zofia Zuzanna Zygmunt Żaneta`.split(/\s+/);
const adjective = /(ski|cki|dzki|ska|cka|dzka|wy|ny|na|wa|ły|ła|ty|chy)$/;
const elsewhere = [...first('es'), ...first('de_CH'), ...first('fr_CH'), ...first('fr_BE')];
const overseas = ['Ajaccio', 'Cayenne', 'Fort-de-France', 'Le Tampon', 'Les Abymes', 'Saint-Paul', 'Saint-Pierre', 'Saint-Denis'];

const tables = {
  en: {
    first: [], // the names are gofakeit's: see english.go
    last: [],
    places: [
      place('en-US', 'America/New_York', 'USA', ['Atlanta, GA', 'Boston, MA', 'Buffalo, NY', 'Charlotte, NC', 'Philadelphia, PA', 'Pittsburgh, PA', 'Raleigh, NC', 'Richmond, VA']),
      place('en-US', 'America/Chicago', 'USA', ['Austin, TX', 'Chicago, IL', 'Madison, WI', 'Milwaukee, WI', 'Minneapolis, MN', 'New Orleans, LA', 'Omaha, NE']),
      place('en-US', 'America/Denver', 'USA', ['Albuquerque, NM', 'Denver, CO', 'Salt Lake City, UT']),
      place('en-US', 'America/Phoenix', 'USA', ['Phoenix, AZ', 'Tucson, AZ']),
      place('en-US', 'America/Los_Angeles', 'USA', ['Oakland, CA', 'Portland, OR', 'Sacramento, CA', 'San Diego, CA', 'Seattle, WA', 'Spokane, WA']),
      place('en-GB', 'Europe/London', 'United Kingdom', ['Belfast', 'Birmingham', 'Brighton', 'Bristol', 'Cardiff', 'Edinburgh', 'Exeter', 'Glasgow', 'Leeds', 'Liverpool', 'London', 'Manchester', 'Newcastle', 'Norwich', 'Sheffield', 'York']),
      place('en-IE', 'Europe/Dublin', 'Ireland', ['Cork', 'Dublin', 'Galway', 'Limerick']),
      place('en-CA', 'America/Toronto', 'Canada', towns('en_CA', 'Guelph', 'Hamilton', 'Kingston', 'Ottawa', 'Toronto')),
      place('en-CA', 'America/Vancouver', 'Canada', towns('en_CA', 'Kelowna', 'Vancouver', 'Victoria')),
      place('en-CA', 'America/Edmonton', 'Canada', towns('en_CA', 'Calgary', 'Edmonton')),
      place('en-CA', 'America/Winnipeg', 'Canada', towns('en_CA', 'Winnipeg')),
      place('en-CA', 'America/Halifax', 'Canada', towns('en_CA', 'Halifax')),
      place('en-AU', 'Australia/Sydney', 'Australia', ['Newcastle, NSW', 'Sydney, NSW', 'Wollongong, NSW']),
      place('en-AU', 'Australia/Melbourne', 'Australia', ['Ballarat, VIC', 'Geelong, VIC', 'Melbourne, VIC']),
      place('en-AU', 'Australia/Brisbane', 'Australia', ['Brisbane, QLD', 'Cairns, QLD']),
      place('en-AU', 'Australia/Adelaide', 'Australia', ['Adelaide, SA']),
      place('en-AU', 'Australia/Perth', 'Australia', ['Fremantle, WA', 'Perth, WA']),
      place('en-NZ', 'Pacific/Auckland', 'New Zealand', ['Auckland', 'Christchurch', 'Dunedin', 'Wellington']),
    ],
  },
  'en-IN': {
    first: spread(first('en_IN'), 120),
    last: last('en_IN').filter((name) => name !== 'Abbott'),
    places: [place('en-IN', 'Asia/Kolkata', 'India', towns('en_IN', 'Ahmedabad', 'Bengaluru', 'Chennai', 'Coimbatore', 'Hyderabad', 'Indore', 'Jaipur', 'Kochi', 'Kolkata', 'Kottayam', 'Lucknow', 'Mumbai', 'Nagpur', 'New Delhi', 'Pune'))],
  },
  'en-NG': {
    first: first('en_NG'),
    last: spread(last('en_NG'), 150),
    places: [place('en-NG', 'Africa/Lagos', 'Nigeria', ['Abuja', 'Benin City', 'Enugu', 'Ibadan', 'Kano', 'Lagos', 'Port Harcourt'])],
  },
  'en-ZA': {
    first: fill(120, first('en_ZA').filter((name) => !first('en').includes(name)), first('en_ZA')),
    last: spread(last('en_ZA').filter((name) => !last('en').includes(name)), 150),
    places: [place('en-ZA', 'Africa/Johannesburg', 'South Africa', towns('en_ZA', 'Bloemfontein', 'Cape Town', 'Durban', 'East London', 'Johannesburg', 'Kimberley', 'Polokwane', 'Pretoria', 'Stellenbosch'))],
  },
  nl: {
    first: spread(either(first('nl'), first('nl_BE')), 140),
    last: [...new Set([...last('nl'), ...last('nl_BE')])],
    places: [
      place('nl-NL', 'Europe/Amsterdam', 'Netherlands', ['Alkmaar', 'Amersfoort', 'Amsterdam', 'Arnhem', 'Breda', 'Delft', 'Den Haag', 'Deventer', 'Eindhoven', 'Enschede', 'Groningen', 'Haarlem', 'Leeuwarden', 'Leiden', 'Maastricht', 'Middelburg', 'Nijmegen', 'Rotterdam', 'Tilburg', 'Utrecht', 'Zwolle']),
      place('nl-BE', 'Europe/Brussels', 'Belgium', ['Aalst', 'Antwerpen', 'Brugge', 'Genk', 'Gent', 'Hasselt', 'Kortrijk', 'Leuven', 'Mechelen', 'Oostende', 'Turnhout']),
    ],
  },
  fr: {
    first: fill(120, both(first('fr'), first('fr_BE'), first('fr_CH')), both(first('fr'), first('fr_BE'))),
    last: last('fr'),
    places: [
      place('fr-FR', 'Europe/Paris', 'France', spread(towns('fr', ...allLocales.fr.location.city_name).filter((town) => !overseas.includes(town)), 40)),
      place('fr-BE', 'Europe/Brussels', 'Belgium', ['Arlon', 'Charleroi', 'Dinant', 'La Louvière', 'Liège', 'Mons', 'Namur', 'Nivelles', 'Tournai', 'Verviers']),
      place('fr-CH', 'Europe/Zurich', 'Switzerland', towns('fr_CH', 'Delémont', 'Fribourg', 'Genève', 'Lausanne', 'Montreux', 'Neuchâtel', 'Nyon', 'Sion', 'Vevey', 'Yverdon-les-Bains')),
      place('fr-LU', 'Europe/Luxembourg', 'Luxembourg', towns('fr_LU', 'Dudelange', 'Echternach', 'Esch-sur-Alzette', 'Luxembourg')),
      place('fr-CA', 'America/Toronto', 'Canada', ['Gatineau', 'Laval', 'Montréal', 'Québec', 'Sherbrooke', 'Trois-Rivières']),
    ],
  },
  de: {
    first: spread(either(first('de'), first('de_CH')), 140),
    last: fill(150, both(last('de'), last('de_CH')), both(last('de'), last('de_AT'))),
    places: [
      place('de-DE', 'Europe/Berlin', 'Germany', spread(allLocales.de.location.city_name.filter((town) => !/[ (]/.test(town)), 40)),
      place('de-AT', 'Europe/Vienna', 'Austria', towns('de_AT', 'Bregenz', 'Dornbirn', 'Eisenstadt', 'Graz', 'Innsbruck', 'Klagenfurt', 'Linz', 'Salzburg', 'Villach', 'Wien')),
      place('de-CH', 'Europe/Zurich', 'Switzerland', towns('de_CH', 'Aarau', 'Basel', 'Bern', 'Chur', 'Frauenfeld', 'Luzern', 'Schaffhausen', 'Solothurn', 'St. Gallen', 'Thun', 'Winterthur', 'Zug', 'Zürich')),
    ],
  },
  pl: {
    first: either(first('pl'), usualPolish),
    last: spread(last('pl').filter((name) => !adjective.test(name)), 150),
    places: [place('pl-PL', 'Europe/Warsaw', 'Poland', towns('pl', 'Białystok', 'Bydgoszcz', 'Chojnice', 'Ciechanów', 'Gdańsk', 'Gdynia', 'Gorzów Wielkopolski', 'Jasło', 'Katowice', 'Kielce', 'Kraków', 'Lublin', 'Łódź', 'Mińsk Mazowiecki', 'Olsztyn', 'Opole', 'Poznań', 'Rzeszów', 'Szczecin', 'Toruń', 'Warszawa', 'Wrocław'))],
  },
  es: {
    first: spread(first('es'), 140),
    last: spread(last('es').filter((name) => !/^(De(la|l|le|o)|Garica)/.test(name)), 150),
    places: [
      place('es-ES', 'Europe/Madrid', 'Spain', towns('es', 'Albacete', 'Alicante', 'Almería', 'Ávila', 'Badajoz', 'Barcelona', 'Bilbao', 'Burgos', 'Cáceres', 'Cádiz', 'Cartagena', 'Córdoba', 'Elche', 'Gijón', 'Granada', 'Huelva', 'Jaén', 'León', 'Logroño', 'Lugo', 'Madrid', 'Málaga', 'Murcia', 'Oviedo', 'Pamplona', 'Salamanca', 'Santander', 'Segovia', 'Sevilla', 'Tarragona', 'Toledo', 'Valencia', 'Valladolid', 'Vigo', 'Zaragoza')),
      place('es-MX', 'America/Mexico_City', 'Mexico', towns('es_MX', 'Ciudad de México', 'Cuernavaca', 'Guadalajara', 'Guanajuato', 'Morelia', 'Oaxaca', 'Puebla', 'Querétaro', 'Veracruz', 'Xalapa')),
      place('es-MX', 'America/Monterrey', 'Mexico', towns('es_MX', 'Monterrey', 'Saltillo')),
      place('es-MX', 'America/Tijuana', 'Mexico', towns('es_MX', 'Tijuana')),
      place('es-MX', 'America/Cancun', 'Mexico', towns('es_MX', 'Cancún')),
      place('es-AR', 'America/Argentina/Buenos_Aires', 'Argentina', ['Buenos Aires', 'La Plata', 'Rosario']),
      place('es-CO', 'America/Bogota', 'Colombia', ['Bogotá', 'Cali', 'Medellín']),
    ],
  },
  it: {
    first: spread(either(first('it'), elsewhere), 140),
    last: spread(last('it'), 150),
    places: [
      place('it-IT', 'Europe/Rome', 'Italy', ['Ancona', 'Bari', 'Bergamo', 'Bologna', 'Brescia', 'Cagliari', 'Catania', 'Ferrara', 'Firenze', 'Genova', 'Lecce', 'Milano', 'Modena', 'Napoli', 'Padova', 'Palermo', 'Parma', 'Perugia', 'Pisa', 'Ravenna', 'Roma', 'Siena', 'Torino', 'Trento', 'Trieste', 'Verona']),
      place('it-CH', 'Europe/Zurich', 'Switzerland', towns('de_CH', 'Bellinzona', 'Locarno', 'Lugano')),
    ],
  },
  da: {
    first: first('da').filter((name) => name !== 'Arunthavanathan'),
    last: last('da'),
    places: [place('da-DK', 'Europe/Copenhagen', 'Denmark', towns('da', 'Aalborg', 'Aarhus', 'Esbjerg', 'Fredericia', 'Frederiksberg', 'Frederikshavn', 'Haderslev', 'Helsingør', 'Herning', 'Hillerød', 'Hjørring', 'Holbæk', 'Holstebro', 'Horsens', 'Kalundborg', 'Kolding', 'København', 'Køge', 'Nyborg', 'Næstved', 'Odense', 'Randers', 'Ribe', 'Ringsted', 'Roskilde', 'Silkeborg', 'Skive', 'Slagelse', 'Svendborg', 'Sønderborg', 'Vejle', 'Viborg'))],
  },
  sv: {
    first: spread(first('sv'), 140),
    last: last('sv'),
    places: [
      place('sv-SE', 'Europe/Stockholm', 'Sweden', ['Borås', 'Eskilstuna', 'Falun', 'Gävle', 'Göteborg', 'Halmstad', 'Helsingborg', 'Jönköping', 'Kalmar', 'Karlstad', 'Kiruna', 'Linköping', 'Luleå', 'Lund', 'Malmö', 'Norrköping', 'Skellefteå', 'Stockholm', 'Sundsvall', 'Umeå', 'Uppsala', 'Visby', 'Västerås', 'Växjö', 'Örebro', 'Östersund']),
    ],
  },
  fi: { first: first('fi'), last: last('fi'), places: [place('fi-FI', 'Europe/Helsinki', 'Finland', allLocales.fi.location.city_name)] },
  no: {
    first: first('nb_NO'),
    last: last('nb_NO'),
    places: [place('nb-NO', 'Europe/Oslo', 'Norway', ['Arendal', 'Bergen', 'Bodø', 'Drammen', 'Fredrikstad', 'Haugesund', 'Kristiansand', 'Larvik', 'Lillehammer', 'Molde', 'Narvik', 'Oslo', 'Sandnes', 'Skien', 'Stavanger', 'Tromsø', 'Trondheim', 'Tønsberg', 'Ålesund'])],
  },
};

for (const [table, { first, last, places }] of Object.entries(tables)) {
  const names = [['first', ...first], ['last', ...last]].filter((block) => block.length > 1);
  const blocks = [...names, ...places.map((p) => [`place ${p.locale} ${p.zone} ${p.country}`, ...p.list])];
  writeFileSync(join(here, `${table}.txt`), blocks.map((block) => block.join('\n') + '\n').join('\n'));
  console.log(table, first.length, 'first,', last.length, 'last,', places.reduce((n, p) => n + p.list.length, 0), 'towns');
}
