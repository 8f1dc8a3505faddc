"""The addresses of meetings."""

from django.urls import path

from risk.meetings.views import (
    agenda,
    days,
    deciding,
    doors,
    ending,
    listing,
    live,
    minutes,
    paper,
    past,
    places,
    plans,
    room,
    tasks,
)

ITEM = "items/<int:number>/"
urlpatterns = [
    path("", listing.meetings, name="risk-meetings"),
    path("open/<int:number>/", doors.open_today, name="risk-meeting-open"),
    path("open/<int:number>/past/", past.open_past, name="risk-meeting-open-past"),
    path("plans/new/", plans.new, name="risk-meeting-plan-new"),
    path("plans/<int:number>/", plans.change, name="risk-meeting-plan"),
    path("days/", days.find, name="risk-meeting-day-find"),
    path("days/<str:day>/", days.day_list, name="risk-meeting-day"),
    path("places/<int:number>/", places.discussed, name="risk-place-discussed"),
    path("actions/<int:number>/", tasks.task, name="risk-meeting-task"),
    path("<int:number>/", agenda.agenda, name="risk-meeting"),
    path("<int:number>/live/", live.live, name="risk-meeting-live"),
    path("<int:number>/room/", room.room_view, name="risk-meeting-room"),
    path("<int:number>/room/live/", live.live_room, name="risk-meeting-room-live"),
    path("<int:number>/agenda/", doors.grow, name="risk-meeting-grow"),
    path("<int:number>/add/", past.add, name="risk-meeting-add"),
    path("<int:number>/seats/", doors.seats, name="risk-meeting-seats"),
    path("<int:number>/chair/", doors.chair, name="risk-meeting-chair"),
    path("<int:number>/record/", doors.record_here, name="risk-meeting-record"),
    path("<int:number>/finish/", ending.finish, name="risk-meeting-finish"),
    path("<int:number>/minutes/", minutes.minutes, name="risk-meeting-minutes"),
    path("<int:number>/minutes/paper/", paper.minutes_paper, name="risk-meeting-minutes-paper"),
    path("series/<int:number>/paper/", paper.agenda_paper, name="risk-meeting-agenda-paper"),
    path(ITEM, deciding.item, name="risk-meeting-item"),
    path(f"{ITEM}say/", doors.say, name="risk-meeting-say"),
    path(f"{ITEM}carry/", doors.carry_on, name="risk-meeting-carry"),
    path(f"{ITEM}undo/", deciding.undo, name="risk-meeting-undo"),
]
