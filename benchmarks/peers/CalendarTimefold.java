// The calendar for Timefold's solver, as its author would model it: meetings that are given a session, a matcher and a group,
// seats of volunteers that are given a meeting, homes that are given a group, groups that are given a matcher.
// A meeting counts, and its seats do, from the least number of seats on. Reads and writes plain numbers; calendar_timefold.py
// says which. Arguments: seconds, seed, moments in seconds.

import ai.timefold.solver.core.api.domain.entity.PlanningEntity;
import ai.timefold.solver.core.api.domain.lookup.PlanningId;
import ai.timefold.solver.core.api.domain.solution.PlanningEntityCollectionProperty;
import ai.timefold.solver.core.api.domain.solution.PlanningScore;
import ai.timefold.solver.core.api.domain.solution.PlanningSolution;
import ai.timefold.solver.core.api.domain.solution.ProblemFactCollectionProperty;
import ai.timefold.solver.core.api.domain.valuerange.ValueRangeProvider;
import ai.timefold.solver.core.api.domain.variable.PlanningVariable;
import ai.timefold.solver.core.api.score.buildin.bendablelong.BendableLongScore;
import ai.timefold.solver.core.api.score.stream.Constraint;
import ai.timefold.solver.core.api.score.stream.ConstraintCollectors;
import ai.timefold.solver.core.api.score.stream.ConstraintFactory;
import ai.timefold.solver.core.api.score.stream.ConstraintProvider;
import ai.timefold.solver.core.api.score.stream.Joiners;
import ai.timefold.solver.core.api.score.stream.bi.BiConstraintStream;
import ai.timefold.solver.core.api.score.stream.uni.UniConstraintStream;
import ai.timefold.solver.core.api.solver.SolverFactory;
import ai.timefold.solver.core.config.localsearch.LocalSearchPhaseConfig;
import ai.timefold.solver.core.config.solver.EnvironmentMode;
import ai.timefold.solver.core.config.solver.SolverConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Scanner;

public final class CalendarTimefold {
    private static final int HARD_LEVELS = 1;
    private static final int SOFT_LEVELS = 5;

    /** A date, slot and venue. */
    public record Session(int id, int day, int month, int slot, int venue, int least, int most, BitSet could, BitSet leaders) {}

    public record Volunteer(int id, int need, int gap, int[] minutes) {}

    /** {@code counts}: could lead any meeting of the year, so the spread counts it. */
    public record Matcher(int id, int aMonth, boolean counts) {}

    @PlanningEntity
    public static class Group {
        @PlanningId public int id;
        @PlanningVariable public Matcher matcher;

        public Matcher getMatcher() {
            return matcher;
        }
    }

    @PlanningEntity
    public static class Home {
        @PlanningId public int id;
        public Volunteer volunteer;
        @PlanningVariable public Group group;

        public Volunteer getVolunteer() {
            return volunteer;
        }

        public Group getGroup() {
            return group;
        }
    }

    @PlanningEntity
    public static class Meeting {
        @PlanningId public int id;
        @PlanningVariable(allowsUnassigned = true) public Session session;
        @PlanningVariable public Matcher matcher;
        @PlanningVariable public Group group;

        public Session getSession() {
            return session;
        }

        public Matcher getMatcher() {
            return matcher;
        }

        public Group getGroup() {
            return group;
        }
    }

    @PlanningEntity
    public static class Seat {
        @PlanningId public int id;
        public Volunteer volunteer;
        @PlanningVariable(allowsUnassigned = true) public Meeting meeting;

        public Volunteer getVolunteer() {
            return volunteer;
        }

        public Meeting getMeeting() {
            return meeting;
        }
    }

    @PlanningSolution
    public static class Year {
        @ProblemFactCollectionProperty @ValueRangeProvider public List<Session> sessions = new ArrayList<>();
        @ProblemFactCollectionProperty @ValueRangeProvider public List<Matcher> matchers = new ArrayList<>();
        @ProblemFactCollectionProperty public List<Volunteer> volunteers = new ArrayList<>();
        @PlanningEntityCollectionProperty @ValueRangeProvider public List<Group> groups = new ArrayList<>();
        @PlanningEntityCollectionProperty @ValueRangeProvider public List<Meeting> meetings = new ArrayList<>();
        @PlanningEntityCollectionProperty public List<Home> homes = new ArrayList<>();
        @PlanningEntityCollectionProperty public List<Seat> seats = new ArrayList<>();
        @PlanningScore(bendableHardLevelsSize = HARD_LEVELS, bendableSoftLevelsSize = SOFT_LEVELS) public BendableLongScore score;
    }

    public static final class Rules implements ConstraintProvider {
        static int members;
        static int counted;

        @Override
        public Constraint[] defineConstraints(ConstraintFactory of) {
            return new Constraint[] {
                could(of), leads(of), crowd(of), spacing(of), venue(of), matcherDay(of), matcherMonth(of), groupSize(of),
                met(of), meetings(of), otherGroup(of), otherMatcher(of), travel(of), spread(of),
            };
        }

        private static BendableLongScore hard(long by) {
            return BendableLongScore.ofHard(HARD_LEVELS, SOFT_LEVELS, 0, by);
        }

        private static BendableLongScore soft(int level) {
            return BendableLongScore.ofSoft(HARD_LEVELS, SOFT_LEVELS, level, 1);
        }

        private static BiConstraintStream<Seat, Meeting> taken(ConstraintFactory of) {
            return of.forEach(Seat.class).join(open(of), Joiners.equal(Seat::getMeeting, meeting -> meeting));
        }

        private static UniConstraintStream<Meeting> open(ConstraintFactory of) {
            return of.forEach(Meeting.class).filter(meeting -> meeting.session != null);
        }

        /** Meetings with seats enough, and how many. */
        private static BiConstraintStream<Meeting, Integer> held(ConstraintFactory of) {
            return taken(of)
                    .groupBy((seat, meeting) -> meeting, ConstraintCollectors.countBi())
                    .filter((meeting, seats) -> seats >= meeting.session.least());
        }

        private static Constraint could(ConstraintFactory of) {
            return taken(of)
                    .filter((seat, meeting) -> !meeting.session.could().get(seat.volunteer.id()))
                    .penalize(hard(1))
                    .asConstraint("could come");
        }

        private static Constraint leads(ConstraintFactory of) {
            return open(of)
                    .filter(meeting -> !meeting.session.leaders().get(meeting.matcher.id()))
                    .penalize(hard(1))
                    .asConstraint("could lead");
        }

        private static Constraint crowd(ConstraintFactory of) {
            return taken(of)
                    .groupBy((seat, meeting) -> meeting, ConstraintCollectors.countBi())
                    .filter((meeting, seats) -> seats > meeting.session.most())
                    .penalize(hard(1), (meeting, seats) -> seats - meeting.session.most())
                    .asConstraint("capacity");
        }

        private static Constraint spacing(ConstraintFactory of) {
            return of.forEachUniquePair(Seat.class, Joiners.equal(Seat::getVolunteer))
                    .join(open(of), Joiners.equal((one, other) -> one.meeting, meeting -> meeting))
                    .join(open(of), Joiners.equal((one, other, meeting) -> other.meeting, meeting -> meeting))
                    .filter((one, other, a, b) -> Math.abs(a.session.day() - b.session.day()) < one.volunteer.gap())
                    .penalize(hard(1))
                    .asConstraint("spacing");
        }

        private static Constraint venue(ConstraintFactory of) {
            return open(of)
                    .groupBy(m -> m.session.venue(), m -> m.session.day(), m -> m.session.slot(), ConstraintCollectors.count())
                    .filter((venue, day, slot, meetings) -> meetings > 1)
                    .penalize(hard(1), (venue, day, slot, meetings) -> meetings - 1)
                    .asConstraint("one meeting in a venue");
        }

        private static Constraint matcherDay(ConstraintFactory of) {
            return open(of)
                    .groupBy(Meeting::getMatcher, m -> m.session.day(), ConstraintCollectors.count())
                    .filter((matcher, day, meetings) -> meetings > 1)
                    .penalize(hard(1), (matcher, day, meetings) -> meetings - 1)
                    .asConstraint("one meeting a day");
        }

        private static Constraint matcherMonth(ConstraintFactory of) {
            return open(of)
                    .groupBy(Meeting::getMatcher, m -> m.session.month(), ConstraintCollectors.count())
                    .filter((matcher, month, meetings) -> meetings > matcher.aMonth())
                    .penalize(hard(1), (matcher, month, meetings) -> meetings - matcher.aMonth())
                    .asConstraint("meetings a month");
        }

        private static Constraint groupSize(ConstraintFactory of) {
            return of.forEach(Home.class)
                    .groupBy(Home::getGroup, ConstraintCollectors.count())
                    .filter((group, homes) -> homes > members)
                    .penalize(hard(1), (group, homes) -> homes - members)
                    .asConstraint("group size");
        }

        /** Level 1 as a reward: what is met of the needs. */
        private static Constraint met(ConstraintFactory of) {
            return held(of)
                    .join(Seat.class, Joiners.equal((meeting, seats) -> meeting, Seat::getMeeting))
                    .groupBy((meeting, seats, seat) -> seat.volunteer, ConstraintCollectors.countTri())
                    .reward(soft(0), (volunteer, comes) -> Math.min(volunteer.need(), comes))
                    .asConstraint("unmet");
        }

        private static Constraint meetings(ConstraintFactory of) {
            return held(of).penalize(soft(1)).asConstraint("meetings");
        }

        private static Constraint otherGroup(ConstraintFactory of) {
            return held(of)
                    .join(Seat.class, Joiners.equal((meeting, seats) -> meeting, Seat::getMeeting))
                    .join(Home.class, Joiners.equal((meeting, seats, seat) -> seat.volunteer, Home::getVolunteer))
                    .filter((meeting, seats, seat, home) -> meeting.group != home.group)
                    .penalize(soft(2))
                    .asConstraint("changes of group");
        }

        private static Constraint otherMatcher(ConstraintFactory of) {
            return of.forEach(Home.class)
                    .join(Group.class, Joiners.equal(Home::getGroup, group -> group))
                    .join(Seat.class, Joiners.equal((home, group) -> home.volunteer, Seat::getVolunteer))
                    .map((home, group, seat) -> group, (home, group, seat) -> seat)
                    .join(held(of).map((meeting, seats) -> meeting), Joiners.equal((group, seat) -> seat.meeting, m -> m))
                    .filter((group, seat, meeting) -> group.matcher != meeting.matcher)
                    .penalize(soft(2))
                    .asConstraint("changes of matcher");
        }

        private static Constraint travel(ConstraintFactory of) {
            return held(of)
                    .join(Seat.class, Joiners.equal((meeting, seats) -> meeting, Seat::getMeeting))
                    .penalizeLong(soft(3), (meeting, seats, seat) -> seat.volunteer.minutes()[meeting.session.venue()])
                    .asConstraint("travel");
        }

        private static Constraint spread(ConstraintFactory of) {
            return held(of)
                    .groupBy((meeting, seats) -> meeting.matcher, ConstraintCollectors.countBi())
                    .filter((matcher, led) -> matcher.counts())
                    .groupBy(ConstraintCollectors.toList((matcher, led) -> led))
                    .penalize(soft(4), loads -> Collections.max(loads) - (loads.size() < counted ? 0 : Collections.min(loads)))
                    .asConstraint("spread");
        }
    }

    private static Year read(Scanner in) {
        Year year = new Year();
        int sessions = in.nextInt();
        int volunteers = in.nextInt();
        int matchers = in.nextInt();
        int groups = in.nextInt();
        int meetings = in.nextInt();
        int venues = in.nextInt();
        Rules.members = in.nextInt();
        for (int k = 0; k < sessions; k++) {
            year.sessions.add(new Session(
                    k, in.nextInt(), in.nextInt(), in.nextInt(), in.nextInt(), in.nextInt(), in.nextInt(), bits(in), bits(in)));
        }
        for (int k = 0; k < matchers; k++) {
            year.matchers.add(new Matcher(k, in.nextInt(), in.nextInt() == 1));
        }
        Rules.counted = (int) year.matchers.stream().filter(Matcher::counts).count();
        for (int k = 0; k < groups; k++) {
            Group group = new Group();
            group.id = k;
            group.matcher = year.matchers.get(in.nextInt());
            year.groups.add(group);
        }
        for (int k = 0; k < meetings; k++) {
            Meeting meeting = new Meeting();
            meeting.id = k;
            int session = in.nextInt();
            meeting.session = session < 0 ? null : year.sessions.get(session);
            meeting.matcher = year.matchers.get(in.nextInt());
            meeting.group = year.groups.get(in.nextInt());
            year.meetings.add(meeting);
        }
        for (int k = 0; k < volunteers; k++) {
            readVolunteer(in, year, k, venues);
        }
        return year;
    }

    private static void readVolunteer(Scanner in, Year year, int id, int venues) {
        int need = in.nextInt();
        int gap = in.nextInt();
        int home = in.nextInt();
        int[] minutes = new int[venues];
        for (int place = 0; place < venues; place++) {
            minutes[place] = in.nextInt();
        }
        Volunteer volunteer = new Volunteer(id, need, gap, minutes);
        year.volunteers.add(volunteer);
        Home own = new Home();
        own.id = id;
        own.volunteer = volunteer;
        own.group = year.groups.get(home);
        year.homes.add(own);
        int seats = in.nextInt();
        for (int k = 0; k < seats; k++) {
            Seat seat = new Seat();
            seat.id = year.seats.size();
            seat.volunteer = volunteer;
            int meeting = in.nextInt();
            seat.meeting = meeting < 0 ? null : year.meetings.get(meeting);
            year.seats.add(seat);
        }
    }

    private static BitSet bits(Scanner in) {
        BitSet found = new BitSet();
        int number = in.nextInt();
        for (int k = 0; k < number; k++) {
            found.set(in.nextInt());
        }
        return found;
    }

    private static void write(String title, Year year) {
        StringBuilder text = new StringBuilder(title).append('\n');
        for (Meeting m : year.meetings) {
            int session = m.session == null ? -1 : m.session.id();
            text.append("meeting ").append(session).append(' ').append(m.matcher.id()).append(' ').append(m.group.id).append('\n');
        }
        for (Seat s : year.seats) {
            text.append("seat ").append(s.volunteer.id()).append(' ').append(s.meeting == null ? -1 : s.meeting.id).append('\n');
        }
        for (Home h : year.homes) {
            text.append("home ").append(h.group.id).append('\n');
        }
        for (Group g : year.groups) {
            text.append("group ").append(g.matcher.id()).append('\n');
        }
        System.out.print(text);
    }

    public static void main(String[] arguments) {
        Year year = read(new Scanner(System.in));
        double[] moments = new double[arguments.length - 2];
        for (int k = 0; k < moments.length; k++) {
            moments[k] = Double.parseDouble(arguments[k + 2]);
        }
        double began = Double.parseDouble(arguments[0]);
        SolverConfig config = new SolverConfig()
                .withSolutionClass(Year.class)
                .withEntityClasses(Meeting.class, Seat.class, Home.class, Group.class)
                .withConstraintProviderClass(Rules.class)
                .withEnvironmentMode(EnvironmentMode.NO_ASSERT)
                .withRandomSeed(Long.parseLong(arguments[1]))
                .withPhases(new LocalSearchPhaseConfig())
                .withTerminationSpentLimit(Duration.ofMillis(Math.max(1, (long) (1000 * (moments[moments.length - 1] - since(began))))));
        var solver = SolverFactory.<Year>create(config).buildSolver();
        Year[] last = {year};
        int[] next = {0};
        solver.addEventListener(event -> {
            double now = since(began);
            for (; next[0] < moments.length && moments[next[0]] <= now; next[0]++) {
                write("at " + moments[next[0]], last[0]);
            }
            last[0] = event.getNewBestSolution();
            System.out.println("best " + now + " " + last[0].score.hardScore(0) + soft(last[0].score));
        });
        last[0] = solver.solve(year);
        for (; next[0] < moments.length; next[0]++) {
            write("at " + moments[next[0]], last[0]);
        }
    }

    private static String soft(BendableLongScore score) {
        StringBuilder text = new StringBuilder();
        for (int k = 0; k < SOFT_LEVELS; k++) {
            text.append(' ').append(score.softScore(k));
        }
        return text.toString();
    }

    private static double since(double began) {
        return System.currentTimeMillis() / 1000.0 - began;
    }
}
