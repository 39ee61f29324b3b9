package fakes

// languages are the eleven that Ambassify documents (seeds/003, the list of config.languages), in its order.
var languages = []string{"en", "nl", "fr", "de", "pl", "es", "it", "da", "sv", "fi", "no"}

// A phrase is the text of a campaign in one language.
type phrase struct{ title, summary string }

// phrases are campaigns by theme, each in all the languages.
var phrases = []map[string]phrase{
	{
		"en": {"Share our sustainability report", "See what we did for the climate this year, and pass it on."},
		"nl": {"Deel ons duurzaamheidsverslag", "Bekijk wat we dit jaar voor het klimaat deden en deel het verder."},
		"fr": {"Partagez notre rapport de durabilité", "Découvrez ce que nous avons fait cette année pour le climat et faites-le savoir."},
		"de": {"Teilen Sie unseren Nachhaltigkeitsbericht", "Sehen Sie, was wir in diesem Jahr für das Klima getan haben, und sagen Sie es weiter."},
		"pl": {"Udostępnij nasz raport o zrównoważonym rozwoju", "Zobacz, co zrobiliśmy w tym roku dla klimatu, i podaj dalej."},
		"es": {"Comparte nuestro informe de sostenibilidad", "Mira lo que hicimos este año por el clima y compártelo."},
		"it": {"Condividi il nostro rapporto di sostenibilità", "Scopri che cosa abbiamo fatto quest’anno per il clima e fallo sapere."},
		"da": {"Del vores bæredygtighedsrapport", "Se, hvad vi har gjort for klimaet i år, og fortæl det videre."},
		"sv": {"Dela vår hållbarhetsrapport", "Se vad vi har gjort för klimatet i år och berätta det vidare."},
		"fi": {"Jaa vastuullisuusraporttimme", "Katso, mitä teimme tänä vuonna ilmaston hyväksi, ja kerro siitä muille."},
		"no": {"Del bærekraftsrapporten vår", "Se hva vi har gjort for klimaet i år, og fortell det videre."},
	},
	{
		"en": {"Tell us about your first week", "New here? Three questions, two minutes, and your answers help the next newcomer."},
		"nl": {"Vertel ons over je eerste week", "Nieuw hier? Drie vragen, twee minuten, en je helpt de volgende nieuwkomer."},
		"fr": {"Racontez-nous votre première semaine", "Nouveau parmi nous ? Trois questions, deux minutes, et vous aidez le prochain arrivant."},
		"de": {"Erzählen Sie uns von Ihrer ersten Woche", "Neu hier? Drei Fragen, zwei Minuten, und Sie helfen der nächsten neuen Person."},
		"pl": {"Opowiedz nam o swoim pierwszym tygodniu", "Jesteś tu od niedawna? Trzy pytania, dwie minuty, a pomożesz kolejnej osobie."},
		"es": {"Cuéntanos tu primera semana", "¿Acabas de llegar? Tres preguntas, dos minutos, y ayudas a quien venga después."},
		"it": {"Raccontaci la tua prima settimana", "Sei qui da poco? Tre domande, due minuti, e aiuti chi arriverà dopo di te."},
		"da": {"Fortæl os om din første uge", "Ny her? Tre spørgsmål, to minutter, og du hjælper den næste."},
		"sv": {"Berätta om din första vecka", "Ny här? Tre frågor, två minuter, och du hjälper nästa nykomling."},
		"fi": {"Kerro ensimmäisestä viikostasi", "Uusi täällä? Kolme kysymystä, kaksi minuuttia, ja autat seuraavaa tulijaa."},
		"no": {"Fortell oss om den første uken din", "Ny her? Tre spørsmål, to minutter, og du hjelper den neste."},
	},
	{
		"en": {"Bring a friend to the summer party", "There is room for one more: send your invitation before the end of the month."},
		"nl": {"Neem een vriend mee naar het zomerfeest", "Er is plaats voor één meer: verstuur je uitnodiging voor het einde van de maand."},
		"fr": {"Venez avec un ami à la fête d’été", "Il reste une place : envoyez votre invitation avant la fin du mois."},
		"de": {"Bringen Sie jemanden zum Sommerfest mit", "Es ist noch ein Platz frei: Verschicken Sie Ihre Einladung bis Monatsende."},
		"pl": {"Zaproś kogoś na letnią imprezę", "Jest jeszcze jedno miejsce: wyślij zaproszenie do końca miesiąca."},
		"es": {"Trae a un amigo a la fiesta de verano", "Queda un sitio: envía tu invitación antes de fin de mes."},
		"it": {"Porta un amico alla festa d’estate", "C’è ancora un posto: manda il tuo invito entro la fine del mese."},
		"da": {"Tag en ven med til sommerfesten", "Der er plads til én mere: send din invitation inden månedens udgang."},
		"sv": {"Ta med en vän till sommarfesten", "Det finns plats för en till: skicka din inbjudan före månadens slut."},
		"fi": {"Tuo ystävä kesäjuhliin", "Yhdelle on vielä tilaa: lähetä kutsu ennen kuun loppua."},
		"no": {"Ta med en venn på sommerfesten", "Det er plass til én til: send invitasjonen før månedsslutt."},
	},
	{
		"en": {"Vote for the name of our new app", "Four names are left. Yours counts as much as the director’s."},
		"nl": {"Stem voor de naam van onze nieuwe app", "Er blijven vier namen over. Jouw stem telt even zwaar als die van de directeur."},
		"fr": {"Votez pour le nom de notre nouvelle application", "Il reste quatre noms. Votre voix compte autant que celle de la direction."},
		"de": {"Stimmen Sie über den Namen unserer neuen App ab", "Vier Namen sind noch im Rennen. Ihre Stimme zählt so viel wie die der Leitung."},
		"pl": {"Zagłosuj na nazwę naszej nowej aplikacji", "Zostały cztery nazwy. Twój głos liczy się tak samo jak głos dyrektora."},
		"es": {"Vota el nombre de nuestra nueva aplicación", "Quedan cuatro nombres. Tu voto vale tanto como el de la dirección."},
		"it": {"Vota il nome della nostra nuova app", "Restano quattro nomi. Il tuo voto vale quanto quello della direzione."},
		"da": {"Stem om navnet på vores nye app", "Der er fire navne tilbage. Din stemme tæller lige så meget som direktørens."},
		"sv": {"Rösta om namnet på vår nya app", "Fyra namn återstår. Din röst väger lika tungt som chefens."},
		"fi": {"Äänestä uuden sovelluksemme nimestä", "Neljä nimeä on jäljellä. Äänesi painaa yhtä paljon kuin johtajan."},
		"no": {"Stem på navnet til den nye appen vår", "Fire navn er igjen. Din stemme teller like mye som sjefens."},
	},
}

// escapedPhrases are the phrases as they stand in JSON.
var escapedPhrases = escapePhrases()

func escapePhrases() []map[string]phrase {
	out := make([]map[string]phrase, len(phrases))
	for i, theme := range phrases {
		out[i] = map[string]phrase{}
		for language, p := range theme {
			out[i][language] = phrase{escapeJSON(p.title), escapeJSON(p.summary)}
		}
	}
	return out
}
