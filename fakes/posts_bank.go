package fakes

import "sync"

// What residents write. A text is plain: paragraphs are separated by an empty line, and it has nothing that HTML reads
// as its own.
var postBank = [][2]string{
	{"Hello from the new studio", "We moved in on Monday and still cannot find the kettle. The light is wonderful, though. Pictures follow once the boxes are gone."},
	{"What I learned from ten interviews", "I talked to ten of you last month. Eight asked for the same thing, and it was not on our list. We start on it next week."},
	{"Small win of the week", "The first version is out of the door. It does one thing, and it does it without falling over.\n\nThank you to everyone who tried it when it still fell over."},
	{"Notes from Thursday's session", "We were nineteen, from nine countries. The best question was why we do this at all. The recording is in the library until the end of the month."},
	{"A reading list for slow evenings", "Six books that stayed with me this year. None of them is about productivity. Add yours below."},
	{"Looking for a walking group", "I am new in town and walk every Sunday morning, about two hours. Company is welcome, dogs too."},
	{"My first month here", "I came for the course and stayed for the conversations. If you are as shy as I am: the introductions space is a kind place to start."},
	{"Before and after", "It took four weekends, two trips to the hardware store and one argument with a lamp. I would do it again."},
	{"The mistake that taught me most", "I deleted the wrong folder on a Friday afternoon. Since then I make a copy first, and I never work on Friday afternoons."},
	{"Office hours move to Wednesday", "From next week on we meet on Wednesdays at the usual hour. The link stays the same. Bring questions or just listen."},
	{"Thank you, night owls", "Somebody answered my post at three in the morning, with a drawing. You know who you are. It works now."},
	{"How we run our book club", "One book a month, chosen by whoever brought the cake last time. Nobody has to have finished it. That is the whole secret."},
	{"A tour of my desk", "Left to right: the good lamp, the bad chair, the plant that refuses to give up. What does yours look like?"},
	{"Three things I would tell a beginner", "Start smaller than you think. Show it earlier than you dare. Keep the first version, you will want to laugh at it later."},
	{"We reached our goal", "Two hundred of you took part in the challenge. The last ones finished an hour before midnight. Badges are on their way."},
	{"A quiet request", "Please write a line about yourself in your profile. It is much nicer to answer a person than a grey circle."},
	{"Pictures from the spring meetup", "Thirty people, one long table and far too much soup. Tell me if you would rather not be in a picture and I take it down."},
	{"What are you working on this week?", "I go first: a talk that is due on Friday and of which I have the title. Your turn."},
	{"The tool I stopped using", "It was clever and I spent more time on it than on my work. Paper is back on the desk. I do not miss the notifications."},
	{"New here, coming from teaching", "After twelve years in a classroom I want to make courses of my own. I know how to explain things; I know nothing about cameras."},
	{"A template you may copy", "Several of you asked how I plan a workshop. This is the page I use, with the notes I wrote to myself. Change whatever you like."},
	{"Our garden after the rain", "Everything grew at once, also the things we did not plant. Volunteers with gloves are welcome on Saturday."},
	{"Closing the loop on your feedback", "You told us that the search was slow and the menu confusing. The search is fixed. The menu is next."},
	{"An experiment for December", "One photo a day, no captions, no likes. At the end we make a calendar of them. Who is in?"},
	{"Lost and found", "Somebody left a blue notebook at the meetup on Tuesday. It has very good sketches of pigeons in it. Write to me and it comes home."},
	{"Saying goodbye to the old forum", "It served us for six years and crashed on most Mondays. The posts are kept in the archive, jokes included."},
}

var articleBank = [][2]string{
	{"A field guide to running a small community", "Most advice is for communities of thousands. Ours has a few hundred people, and that changes nearly everything.\n\nYou can know every name. You can notice when somebody is missing. And you can ask."},
	{"What makes a good first week", "We looked at who is still here after a year. Almost all of them had talked to somebody within their first three days.\n\nSo we changed what happens on day one: no tour, no video, one person who says hello."},
	{"How to ask for feedback that helps", "Say what kind of answer you want. A spelling check and a change of direction are different favours.\n\nThen say thank you, and wait a day before you explain yourself."},
	{"The economics of a free course", "A free course is not free to make. Ours took sixty hours, and half of them went into the third lesson.\n\nThis is what it cost, what it brought, and what we would leave out."},
	{"Why we meet in groups of eight", "With twenty people five talk. With eight, eight do.\n\nWe tried every number between four and thirty over a year. Here is what we counted."},
	{"Moderation without drama", "Three rules fit on a card. Everything else is a conversation between two people, in private, within a day.\n\nThe hard part is the day."},
	{"Writing a welcome message that gets read", "Ours had nine links. Nobody clicked the ninth, and few the second.\n\nThe new one has a name, a question and a date."},
	{"A year of weekly challenges", "Fifty two challenges, of which eleven were a success and three a disaster.\n\nThe successes had one thing in common: one could finish them in twenty minutes."},
	{"From newsletter to community", "We had six thousand readers who did not know each other. Now they do, some of them.\n\nThe step between was a single question at the end of each letter."},
	{"How we price our plans", "Price says who you are for. We got it wrong twice.\n\nThis article shows the numbers, and what people told us when they left."},
	{"Designing events for different time zones", "There is no hour that suits everyone. There is an hour that suits nobody, and we found it.\n\nRotating is fair. Recording is kind. Doing the session twice is best."},
	{"The quiet majority", "Nine of ten members never write. That is not a problem to be solved.\n\nThey read, they come to events, they recommend us. We asked forty of them why."},
	{"Interview: twenty years of choir", "She has led the same choir since she was a student. Singers came and went; the Tuesday stayed.\n\nWe talked about habits, wrong notes and why nobody leaves before the tea."},
	{"Onboarding by letter", "We sent a real letter to every new member for three months. It was slow, and it worked.\n\nWhat we learned from the answers that came by post."},
	{"An honest look at our numbers", "Fewer people joined this year than last. More of those who joined stayed.\n\nThe second number matters more to us, and this is how we measure it."},
	{"How to end a project well", "Beginnings get a party. Endings deserve one too.\n\nA checklist for closing a group so that people would come to the next one."},
	{"Courses that people finish", "Most online courses are never finished. Ours were no better until we made them worse looking and shorter.\n\nThree changes that doubled the number."},
	{"What libraries know about welcome", "A library asks for nothing when you enter. You may stay as long as you like.\n\nWe spent a week in one and took notes."},
	{"A beginner's guide to sound", "People forgive a bad picture. They do not forgive bad sound.\n\nFor the price of a dinner you can have a good one: a microphone, a blanket and a rule about distance."},
	{"Volunteers are not free labour", "They give time, and they should get something that is worth more than it costs you.\n\nCredit, company, and a clear end date."},
	{"Keeping a public notebook", "For a year I published my notes every Friday, unfinished ones too.\n\nIt made me write less and think more, and it found me two friends."},
	{"When the founder leaves", "Communities often end with the person who began them. Ours did not, because she left slowly.\n\nThe handover took eight months and a great many lists."},
	{"Badges that mean something", "A badge for logging in says nothing. A badge for helping somebody says a lot.\n\nWe removed forty of them and kept twelve."},
	{"The case for fewer notifications", "We turned them off for a month, all but one. Visits went down, conversations went up.\n\nThis is the one that we kept."},
	{"Mapping who knows whom", "We drew a line for every conversation of last year. Two islands appeared, and one bridge between them.\n\nThe bridge is a retired engineer, and he was surprised too."},
}

var questionBank = [][2]string{
	{"Which microphone do you use for calls?", "Mine hums, and the people at the other end have noticed. It should cost less than a good pair of shoes."},
	{"How do you keep a group small when it wants to grow?", "We are fourteen now and the waiting list is longer than that. Splitting it feels wrong."},
	{"What do you do when nobody answers?", "I posted three times this month, and it was quiet each time. Is it the hour, the topic or me?"},
	{"Has anyone run a workshop in two languages?", "Half of us speak French, the other half do not. I would rather not translate every sentence."},
	{"How long should a lesson be?", "I have recorded one of fifty minutes, and even I got bored. Where do you stop?"},
	{"Is there a way to export my notes?", "I want to keep what I wrote in the course, and copy and paste takes for ever."},
	{"Where do you find speakers?", "We have a date, a room and soup. What is missing is somebody who talks for half an hour."},
	{"How do you say no to a nice person?", "The offer is kind and does not fit at all. I have rewritten my answer four times."},
	{"What is a fair price for a weekend course?", "Two days, ten people, lunch included. I do not want to lose money, and I do not want to be the expensive one."},
	{"Can I change the mail address of my account?", "I leave my company at the end of the month, and the address goes with it."},
	{"Which book would you give a beginner?", "A friend wants to start, and the shelf in the shop is ten metres long."},
	{"How do you remember names?", "I meet thirty people at an event and can keep three. There must be a trick."},
	{"Who takes notes in your meetings?", "It is always the same person here, and it should not be. How did you change that?"},
	{"What camera is good enough for a course?", "I have a phone from last year. Do I need more than that, or only more light?"},
	{"How do you handle members who talk too much?", "He means well and knows a lot. Nobody else gets a word in."},
	{"Does anyone work a four day week?", "My team may try it for three months. I collect what went wrong for others."},
	{"What do you put in a welcome message?", "Ours is long, and I suspect that nobody reads it. Please share yours if you like it."},
	{"How do you get back into a habit?", "I stopped for two weeks because of a cold, and that was in March."},
	{"Is it fine to post the same thing in two spaces?", "It fits in both, and I do not want to be a nuisance."},
	{"Which day works best for an online event?", "We tried Tuesday and Thursday, and the same nine people came to both."},
	{"How do you thank volunteers?", "There is no budget, but there is a kitchen. Ideas that are not cake are welcome too."},
	{"What would you ask in an exit interview?", "Two people left the programme early, and both agreed to talk to me."},
	{"How do you back up your photos?", "I have four hard disks, and I do not trust any of them."},
	{"Can somebody explain the points to me?", "I have four hundred and ten of them and no idea what they are for."},
	{"Where can I see who is coming on Saturday?", "I promised to bring chairs, and now I need to know how many."},
}

var pollBank = []survey{
	{"When should we meet?", []string{"Monday evening", "Wednesday at noon", "Saturday morning"}},
	{"How was the first lesson?", []string{"Too fast", "Just right", "Too slow"}},
	{"Which topic comes next?", []string{"Light and colour", "Sound", "Editing", "Telling a story"}},
	{"Do you prefer video or text?", []string{"Video", "Text"}},
	{"How long have you been doing this?", []string{"Less than a year", "One to three years", "Four to ten years", "Longer", "I watch"}},
	{"Where do you read our posts?", []string{"On the phone", "On a computer", "In the mail"}},
	{"Shall we keep the weekly challenge?", []string{"Yes", "No", "Every other week"}},
	{"How many books did you finish this month?", []string{"None", "One", "Two or three", "More"}},
	{"What keeps you from coming to events?", []string{"The hour", "The distance", "My shyness", "Nothing, I am there"}},
	{"Tea or coffee?", []string{"Tea", "Coffee"}},
	{"Which name do you like best for the group?", []string{"The Early Birds", "Slow Makers", "Second Draft", "Open Kitchen"}},
	{"Would you recommend us to a friend?", []string{"I already did", "Yes", "Not yet", "No"}},
	{"How do you come to the meetup?", []string{"By bike", "By train", "By car", "On foot", "I stay at home"}},
	{"How often should the newsletter come?", []string{"Every week", "Every two weeks", "Once a month"}},
	{"Recordings: keep them for how long?", []string{"A week", "A month", "For ever"}},
	{"What should the next badge be for?", []string{"Helping others", "Finishing a course", "Hosting an event"}},
	{"How ready are you for the exam?", []string{"Ready", "Nearly", "Do not ask"}},
	{"Which season inspires you most?", []string{"Spring", "Summer", "Autumn", "Winter"}},
	{"Should sessions start on the hour?", []string{"On the hour", "Five minutes later"}},
	{"How large should a study group be?", []string{"Two or three", "Four or five", "Six to eight", "The more the better"}},
	{"What did you think of the guest speaker?", []string{"Wonderful", "Good", "It was not for me"}},
	{"Do you want cameras on in calls?", []string{"Always", "If people like", "Never"}},
	{"What do you need most right now?", []string{"Time", "Feedback", "Company", "A push", "Sleep"}},
	{"Is the new menu easier to use?", []string{"Much easier", "A little", "No difference", "It is worse"}},
	{"Who should choose the next book?", []string{"Whoever hosts", "We vote", "By lot"}},
}

// escapedComments are what people answer, in HTML and as it stands in JSON.
var escapedComments = sync.OnceValue(func() []string {
	out := make([]string, len(commentBank))
	for i, c := range commentBank {
		out[i] = escapeJSON("<p>" + c + "</p>")
	}
	return out
})

var commentBank = []string{
	"Thank you for writing this down.", "Same here. I thought I was the only one.", "This helped a lot, I tried it this morning.",
	"Could you say more about the second point?", "I am in. What should I bring?", "We do it the other way round, and it works as well.",
	"Saving this for <strong>next week</strong>.", "Please post an update when you know more.", "Lovely picture! Where was it taken?",
	"I disagree, but I see where you come from.", "Count me in for Saturday.", "Is there a recording for those of us who slept?",
	"I laughed out loud at the lamp.", "My group had the same question last month.", "Welcome! Good to have you here.",
	"That is exactly what I needed to hear today.", "Have you tried it <em>without</em> the timer?", "I can help with that, send me a message.",
	"Ten years later, and I still make this mistake.", "Great idea. Who else would join?", "I will bring cake.",
	"Small correction: it starts at seven, not at eight.", "Done! It took me twenty minutes.", "You explain this better than the manual does.",
	"Following, as I have no idea either.", "Three of us met because of this post.",
}

var complaints = []complaint{
	{"spam", []string{"The same link in five spaces.", "Sells something, and not for the first time.", "This account only posts advertising."}},
	{"offensive", []string{"Insults another member by name.", "This joke is at the expense of others.", "Rude, also after being asked to stop."}},
	{"other", []string{"Shows somebody who did not agree to it.", "Copied from a book without saying so.", "Gives medical advice that may be dangerous."}},
	{"not_interesting", []string{"Has nothing to do with this space.", "Posted three times already.", "An inside joke that nobody understands."}},
}
