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
	{
		"en": {"Recommend a future colleague", "Do you know somebody who would fit in well? Send us their name, and we do the rest."},
		"nl": {"Beveel een toekomstige collega aan", "Ken je iemand die goed bij ons past? Stuur ons de naam, wij doen de rest."},
		"fr": {"Recommandez un futur collègue", "Vous connaissez quelqu’un qui se plairait chez nous ? Envoyez-nous son nom, nous faisons le reste."},
		"de": {"Empfehlen Sie uns neue Kolleginnen und Kollegen", "Kennen Sie jemanden, der gut zu uns passt? Nennen Sie uns den Namen, den Rest übernehmen wir."},
		"pl": {"Poleć nam nową osobę do zespołu", "Znasz kogoś, kto by do nas pasował? Podaj nam nazwisko, a resztą zajmiemy się sami."},
		"es": {"Recomienda a un futuro compañero", "¿Conoces a alguien que encajaría bien aquí? Envíanos su nombre y nosotros hacemos el resto."},
		"it": {"Consiglia un futuro collega", "Conosci qualcuno che si troverebbe bene con noi? Mandaci il nome, al resto pensiamo noi."},
		"da": {"Anbefal en kommende kollega", "Kender du en, der ville passe godt ind? Send os navnet, så klarer vi resten."},
		"sv": {"Tipsa om en framtida kollega", "Känner du någon som skulle passa bra hos oss? Skicka namnet, så gör vi resten."},
		"fi": {"Suosittele tulevaa työkaveria", "Tunnetko jonkun, joka sopisi joukkoomme? Lähetä meille nimi, niin hoidamme loput."},
		"no": {"Anbefal en fremtidig kollega", "Kjenner du noen som ville passe godt inn? Send oss navnet, så gjør vi resten."},
	},
	{
		"en": {"Show us your workplace", "Kitchen table, workshop or train: upload a photo, and we hang the best ones in the hall."},
		"nl": {"Laat ons je werkplek zien", "Keukentafel, werkplaats of trein: upload een foto, de mooiste hangen we in de hal."},
		"fr": {"Montrez-nous votre lieu de travail", "Table de cuisine, atelier ou train : envoyez une photo, les plus belles seront affichées dans le hall."},
		"de": {"Zeigen Sie uns Ihren Arbeitsplatz", "Küchentisch, Werkstatt oder Zug: Laden Sie ein Foto hoch, die schönsten hängen wir im Foyer auf."},
		"pl": {"Pokaż nam swoje miejsce pracy", "Stół w kuchni, warsztat czy pociąg: prześlij zdjęcie, a najładniejsze powiesimy w holu."},
		"es": {"Enséñanos tu lugar de trabajo", "La mesa de la cocina, el taller o el tren: sube una foto y colgaremos las mejores en el vestíbulo."},
		"it": {"Mostraci il tuo posto di lavoro", "Tavolo della cucina, officina o treno: carica una foto, appenderemo le più belle nell’atrio."},
		"da": {"Vis os din arbejdsplads", "Køkkenbord, værksted eller tog: upload et billede, så hænger vi de bedste op i forhallen."},
		"sv": {"Visa oss din arbetsplats", "Köksbord, verkstad eller tåg: ladda upp en bild, så hänger vi de bästa i entrén."},
		"fi": {"Näytä meille työpaikkasi", "Keittiönpöytä, verstas tai juna: lataa kuva, ja ripustamme parhaat aulaan."},
		"no": {"Vis oss arbeidsplassen din", "Kjøkkenbord, verksted eller tog: last opp et bilde, så henger vi opp de beste i foajeen."},
	},
	{
		"en": {"Write a review", "Two honest sentences are enough. They help others to choose, and us to get better."},
		"nl": {"Schrijf een beoordeling", "Twee eerlijke zinnen zijn genoeg. Ze helpen anderen kiezen en ons beter worden."},
		"fr": {"Écrivez un avis", "Deux phrases sincères suffisent. Elles aident les autres à choisir et nous à progresser."},
		"de": {"Schreiben Sie eine Bewertung", "Zwei ehrliche Sätze genügen. Sie helfen anderen bei der Wahl und uns, besser zu werden."},
		"pl": {"Napisz opinię", "Wystarczą dwa szczere zdania. Innym pomogą wybrać, a nam stać się lepszymi."},
		"es": {"Escribe una reseña", "Bastan dos frases sinceras. Ayudan a otros a elegir y a nosotros a mejorar."},
		"it": {"Scrivi una recensione", "Bastano due frasi sincere. Aiutano gli altri a scegliere e noi a migliorare."},
		"da": {"Skriv en anmeldelse", "To ærlige sætninger er nok. De hjælper andre med at vælge og os med at blive bedre."},
		"sv": {"Skriv ett omdöme", "Två ärliga meningar räcker. De hjälper andra att välja och oss att bli bättre."},
		"fi": {"Kirjoita arvostelu", "Kaksi rehellistä lausetta riittää. Ne auttavat muita valitsemaan ja meitä parantamaan."},
		"no": {"Skriv en anmeldelse", "To ærlige setninger er nok. De hjelper andre å velge og oss å bli bedre."},
	},
	{
		"en": {"Listen to our new podcast", "Every second week a colleague talks about a day that went differently. The first episode is out."},
		"nl": {"Luister naar onze nieuwe podcast", "Om de twee weken vertelt een collega over een dag die anders liep. De eerste aflevering staat online."},
		"fr": {"Écoutez notre nouveau podcast", "Toutes les deux semaines, un collègue raconte une journée pas comme les autres. Le premier épisode est en ligne."},
		"de": {"Hören Sie unseren neuen Podcast", "Alle zwei Wochen erzählt jemand aus dem Team von einem Tag, der anders lief. Die erste Folge ist da."},
		"pl": {"Posłuchaj naszego nowego podcastu", "Co dwa tygodnie ktoś z zespołu opowiada o dniu, który potoczył się inaczej. Pierwszy odcinek już jest."},
		"es": {"Escucha nuestro nuevo pódcast", "Cada dos semanas, un compañero cuenta un día que salió de otra manera. El primer episodio ya está disponible."},
		"it": {"Ascolta il nostro nuovo podcast", "Ogni due settimane un collega racconta una giornata andata diversamente. La prima puntata è online."},
		"da": {"Lyt til vores nye podcast", "Hver anden uge fortæller en kollega om en dag, der gik anderledes. Det første afsnit er ude."},
		"sv": {"Lyssna på vår nya podd", "Varannan vecka berättar en kollega om en dag som blev annorlunda. Det första avsnittet är ute."},
		"fi": {"Kuuntele uusi podcastimme", "Joka toinen viikko työkaveri kertoo päivästä, joka meni toisin. Ensimmäinen jakso on julkaistu."},
		"no": {"Lytt til den nye podkasten vår", "Annenhver uke forteller en kollega om en dag som gikk annerledes. Den første episoden er ute."},
	},
	{
		"en": {"Join us for a day of volunteering", "On Saturday we clean up the river bank. Gloves and soup are there; bring your family."},
		"nl": {"Doe mee aan onze vrijwilligersdag", "Zaterdag ruimen we de rivieroever op. Voor handschoenen en soep is gezorgd; breng je familie mee."},
		"fr": {"Participez à notre journée de bénévolat", "Samedi, nous nettoyons les berges de la rivière. Gants et soupe sont prévus ; venez en famille."},
		"de": {"Machen Sie mit bei unserem Freiwilligentag", "Am Samstag räumen wir das Flussufer auf. Für Handschuhe und Suppe ist gesorgt; bringen Sie Ihre Familie mit."},
		"pl": {"Dołącz do naszego dnia wolontariatu", "W sobotę sprzątamy brzeg rzeki. Rękawice i zupa będą na miejscu; zabierz rodzinę."},
		"es": {"Participa en nuestra jornada de voluntariado", "El sábado limpiamos la orilla del río. Habrá guantes y sopa; ven con tu familia."},
		"it": {"Partecipa alla nostra giornata di volontariato", "Sabato puliamo la riva del fiume. Guanti e minestra li portiamo noi; vieni con la famiglia."},
		"da": {"Vær med på vores frivilligdag", "På lørdag rydder vi op langs åen. Vi sørger for handsker og suppe; tag familien med."},
		"sv": {"Var med på vår volontärdag", "På lördag städar vi längs ån. Handskar och soppa finns på plats; ta med familjen."},
		"fi": {"Tule mukaan vapaaehtoispäivään", "Lauantaina siivoamme joenrannan. Käsineet ja keitto löytyvät paikalta; ota perhe mukaan."},
		"no": {"Bli med på frivillighetsdagen vår", "På lørdag rydder vi langs elva. Hansker og suppe finnes på stedet; ta med familien."},
	},
	{
		"en": {"What should we learn next?", "Tell us which courses you miss. The three that are named most often begin in spring."},
		"nl": {"Wat moeten we hierna leren?", "Vertel ons welke cursussen je mist. De drie meest genoemde starten in het voorjaar."},
		"fr": {"Que devrions-nous apprendre ensuite ?", "Dites-nous quelles formations vous manquent. Les trois plus demandées commenceront au printemps."},
		"de": {"Was sollen wir als Nächstes lernen?", "Sagen Sie uns, welche Kurse Ihnen fehlen. Die drei meistgenannten beginnen im Frühjahr."},
		"pl": {"Czego powinniśmy się teraz nauczyć?", "Napisz nam, jakich kursów ci brakuje. Trzy najczęściej wymieniane ruszą wiosną."},
		"es": {"¿Qué deberíamos aprender ahora?", "Dinos qué cursos echas en falta. Los tres más solicitados empezarán en primavera."},
		"it": {"Che cosa dovremmo imparare adesso?", "Dicci quali corsi ti mancano. I tre più richiesti cominceranno in primavera."},
		"da": {"Hvad skal vi lære som det næste?", "Fortæl os, hvilke kurser du savner. De tre, der nævnes oftest, begynder til foråret."},
		"sv": {"Vad ska vi lära oss härnäst?", "Berätta vilka kurser du saknar. De tre som nämns oftast börjar i vår."},
		"fi": {"Mitä meidän pitäisi oppia seuraavaksi?", "Kerro, mitä kursseja kaipaat. Kolme eniten toivottua alkaa keväällä."},
		"no": {"Hva bør vi lære som det neste?", "Fortell oss hvilke kurs du savner. De tre som nevnes oftest, begynner til våren."},
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
